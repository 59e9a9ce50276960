# Ctrl+C while Read-Host waits in the body, which the terminal delivers as a key: it counts as SIGINT, the caller goes on.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    Show-LineWhen Blocked
    $answer = Read-Host 'question'
    Out-Line "not reached: '$answer'"
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
Out-Line 'caller goes on'
