# [Environment]::Exit(N) within nested scopes: each exit block runs, inner first.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        Use-ExitHandler { [Environment]::Exit(7) } -OnExit { Out-Line "inner exit block: $($_.ExitCode)" } -Append
    } -OnExit { Out-Line "middle exit block: $($_.ExitCode)" } -Append
} -OnExit { Out-Line "outer exit block: $($_.ExitCode)" }
Out-Line 'not reached'
