# [Environment]::Exit(N) in an exit block: the process exits with N and does not hang; an outer scope's exit block runs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'body' } -OnExit {
        Out-Line 'inner exit block'
        [Environment]::Exit(3)
    } -Append
} -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.ExitCode)" } -ExitTimeoutSeconds 1
Out-Line 'not reached'
