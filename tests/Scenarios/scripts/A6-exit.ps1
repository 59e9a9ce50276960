# exit in the inner body: both exit blocks run, inner first, then the script exits.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { exit 3 } -OnExit { Out-Line "inner exit block: $($_.Reason) $($_.ExitCode)" } -Append
    Out-Line 'more of the outer body'
} -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.ExitCode)" }
Out-Line 'not reached'
