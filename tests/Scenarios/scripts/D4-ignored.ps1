# -ForwardSignal: a native command that ignores the signal is left to the stop, when the grace period is over.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/sh -c 'trap "" TERM; echo ready; exec sleep 100'
    Out-Line 'not reached'
} -OnExit {
    $seconds = ([datetime]::Now - $_.RequestedAt).TotalSeconds
    Out-Line "exit block: $($_.Signal), not before its time: $($seconds -ge 0.69), not much later: $($seconds -lt 4)"
} -ForwardSignal -GracePeriodSeconds 0.7
Out-Line 'caller goes on'
