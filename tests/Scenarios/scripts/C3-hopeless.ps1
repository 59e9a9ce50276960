# Nothing frees the body: the exit block runs once, in a rescue, then the process exits with 128 + n.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

try {
    Use-ExitHandler {
        Show-LineWhen Computing
        [regex]::IsMatch(('a' * 40) + '!', '^(a+)+$')
    } -OnExit { Out-Line "exit block: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
    Out-Line 'not reached'
}
finally { Out-Line 'not reached either' }
