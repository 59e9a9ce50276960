# -ForwardSignal without a native command: the body is stopped as ever, or drains; a command that has ended before is no matter.
param([string] $Grace)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/echo 'a native command'
    Out-Line 'ready'
    if ($Grace -ne '0') { $null = Wait-ExitRequest; /bin/echo 'another, in the grace period' } else { Wait-Forever }
    Out-Line 'body ends by itself'
} -OnExit { Out-Line "exit block: $($_.Signal)" } -ForwardSignal -GracePeriodSeconds ([double] $Grace)
Out-Line 'caller goes on'
