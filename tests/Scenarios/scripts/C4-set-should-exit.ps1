# $Host.SetShouldExit(N) in the body: the body, its exit block and the caller go on to their ends; the status is N.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $Host.SetShouldExit(9)
    Out-Line 'body'
} -OnExit { Out-Line "exit block: $($_.Reason)" }
Out-Line 'caller goes on'
