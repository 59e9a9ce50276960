# The script that was signalled has the status that it chooses.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line 'exit block' }
Out-Line 'caller goes on'
exit 7
