# PowerShell.Stop() with nested scopes: both exit blocks run to their end, inner first.
. "$PSScriptRoot/../prelude.ps1"

$ready = [System.Threading.ManualResetEventSlim]::new()
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $ready)
    . $prelude
    Use-ExitHandler {
        Use-ExitHandler { $ready.Set(); Wait-Forever } -OnExit {
            Start-Sleep -Milliseconds 50
            Out-Line "inner exit block: $($_.Reason)"
        } -Append
        Out-Line "not reached"
    } -OnExit {
        Start-Sleep -Milliseconds 50
        Out-Line "outer exit block: $($_.Reason)"
    }
    Out-Line "not reached either"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($ready)

$running = $shell.BeginInvoke()
Out-Line "ready: $($ready.Wait(20000))"
$shell.Stop()
Out-Line "stopped: $($shell.InvocationStateInfo.State)"
