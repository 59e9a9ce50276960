# The body ends, the exit block runs, the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'body'
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.ExitCode)"
}
Out-Line 'caller goes on'
