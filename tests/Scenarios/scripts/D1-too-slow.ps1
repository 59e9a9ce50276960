# A body that is still running when its grace period is over is stopped then, and not before.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $context = $_
    Out-Line 'ready'
    try {
        $null = Wait-ExitRequest
        Out-Line "state: $((Get-ExitHandler).State)"
        Wait-Forever
        Out-Line 'not reached'
    }
    finally {
        $seconds = ([datetime]::Now - $context.RequestedAt).TotalSeconds
        Out-Line "not before its time: $($seconds -ge 0.69), not much later: $($seconds -lt 4)"
    }
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal)" } -GracePeriodSeconds 0.7
Out-Line 'caller goes on'
