# A daemon that sleeps for a long time when the signal comes is woken at once.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $context = $_
    Out-Line 'ready'
    while (-not (Wait-ExitRequest 3600)) { Out-Line 'not reached' }
    Out-Line "at once: $(([datetime]::Now - $context.RequestedAt).TotalMilliseconds -lt 500)"
} -OnExit { Out-Line "exit block: $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
