# A signal that only the outer scope listens to stops the inner one from outside: its exit block runs first all the same.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "inner exit block: $($_.Reason)" } -Signal SIGUSR1 -Append
    Out-Line 'more of the outer body'
} -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.Signal)" }
Out-Line 'caller goes on'
