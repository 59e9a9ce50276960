# The body ends by itself in its grace period: what follows the signal is as -AfterSignal says; an exit of its own wins.
param([string] $After, [string] $How)
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler {
        Out-Line 'ready'
        $null = Wait-ExitRequest
        Out-Line 'body ends'
        if ($How -eq 'exit') { exit 3 }
        if ($How -eq 'error') { throw 'broken in the body' }
    } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal $After -GracePeriodSeconds 20
    Out-Line 'caller goes on'
}
catch { Out-Line "caught: $_" }
