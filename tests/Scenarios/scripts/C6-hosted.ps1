# Hosted runspaces, each in a scope with a signal of its own or the same: a signal ends those that listen to it, and no other.
. "$PSScriptRoot/../prelude.ps1"

$running = [System.Threading.CountdownEvent]::new(3)
$together = [System.Threading.Barrier]::new(2)
$hosted = foreach ($signal in 'SIGTERM', 'SIGTERM', 'SIGHUP') {
    $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $shell.AddScript('param($prelude, $signal, $running, $together)
        . $prelude
        Start-Sleep -Milliseconds 0 # loaded before the signal comes
        Use-ExitHandler {
            $null = $running.Signal()
            Wait-Forever
        } -OnExit {
            "exit block for ${signal}: $($_.Signal)" + $(if ($signal -eq "SIGTERM") { ", together: $($together.SignalAndWait(15000))" })
        } -Signal $signal -Append
        "goes on"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($signal).AddArgument($running).AddArgument($together)
    @{ Shell = $shell; Running = $shell.BeginInvoke() }
}
$running.Wait()
Out-Line 'ready'
foreach ($one in $hosted[0, 1]) { Out-Line ($one.Shell.EndInvoke($one.Running) -join '; ') }
Out-Line "the other still runs: $(-not $hosted[2].Running.IsCompleted)"
Out-Line ($hosted[2].Shell.EndInvoke($hosted[2].Running) -join '; ')
