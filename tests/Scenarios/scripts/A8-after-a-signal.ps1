# After a scope that a signal ended, a second signal has its default effect.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line 'exit block' }
Out-Line 'ready again'
Wait-Forever
