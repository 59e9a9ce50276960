# Nothing frees the inner body: both exit blocks run, inner first, then the process exits.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        Show-LineWhen Computing
        [regex]::IsMatch(('a' * 40) + '!', '^(a+)+$')
    } -OnExit { Out-Line "inner exit block: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5 -Append
    Out-Line 'not reached'
} -OnExit { Out-Line "outer exit block: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
Out-Line 'not reached either'
