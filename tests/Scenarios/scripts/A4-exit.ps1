# exit N in the body: the exit block runs, then the script exits with N, 0 too.
param([int] $Code)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'body'
    exit $Code
    Out-Line 'not reached'
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.ExitCode)"
}
Out-Line 'not reached either'
exit 99
