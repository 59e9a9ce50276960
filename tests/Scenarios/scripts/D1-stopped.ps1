# Wait-ExitRequest is stopped as any command: by PowerShell.Stop(), at once, grace period or not.
. "$PSScriptRoot/../prelude.ps1"

$ready = [System.Threading.ManualResetEventSlim]::new()
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $ready)
    . $prelude
    Use-ExitHandler {
        $ready.Set()
        Wait-ExitRequest
        Out-Line "not reached"
    } -OnExit { Out-Line "exit block: $($_.Reason), requested: $($_.IsExitRequested)" } -GracePeriodSeconds 60
    Out-Line "not reached either"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($ready)
$null = $shell.BeginInvoke()
Out-Line "ready: $($ready.Wait(20000))"
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$shell.Stop()
Out-Line "stopped: $($shell.InvocationStateInfo.State), at once: $($watch.Elapsed.TotalSeconds -lt 10)"
