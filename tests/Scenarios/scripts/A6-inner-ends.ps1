# When the inner scope has ended by itself, the outer body goes on; a signal then ends the outer scope only.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'inner body' } -OnExit { Out-Line 'inner exit block' } -Append
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line "outer exit block: $($_.Signal)" }
Out-Line 'caller goes on'
