# The end of an inner scope does not take the outer one's signals away.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'inner body' } -OnExit { Out-Line 'inner exit block' } -Signal SIGTERM, SIGUSR1 -Append
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line "outer exit block: $($_.Signal)" }
Out-Line 'ready again'
Wait-Forever
