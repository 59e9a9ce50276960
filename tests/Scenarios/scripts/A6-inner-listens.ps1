# A signal that only the inner scope listens to ends that one only.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "inner exit block: $($_.Signal)" } -Signal SIGUSR1 -Append
    Out-Line 'more of the outer body'
} -OnExit { Out-Line "outer exit block: $_" }
Out-Line 'caller goes on'
