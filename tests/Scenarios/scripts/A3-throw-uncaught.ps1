# An error that nobody catches: the exit block runs, the error is reported as the body's, the status is 1.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    throw 'broken in the body'
} -OnExit {
    Out-Line 'exit block'
}
Out-Line 'not reached'
