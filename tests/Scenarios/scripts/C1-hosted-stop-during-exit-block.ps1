# PowerShell.Stop() while the exit block runs: it runs to its end, and so do the others.
. "$PSScriptRoot/../prelude.ps1"

$inExitBlock = [System.Threading.ManualResetEventSlim]::new()
$goOn = [System.Threading.ManualResetEventSlim]::new()
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $inExitBlock, $goOn)
    . $prelude
    Use-ExitHandler { Out-Line "body" } -OnExit {
        Out-Line "exit block begins: $($_.Reason)"
        $inExitBlock.Set()
        $null = $goOn.Wait(20000)
        "output that nobody takes"
        Start-Sleep -Milliseconds 200
        Out-Line "exit block ends"
    }, {
        Start-Sleep -Milliseconds 50
        Out-Line "second exit block"
    }
    Out-Line "not reached"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($inExitBlock).AddArgument($goOn)

$running = $shell.BeginInvoke()
Out-Line "ready: $($inExitBlock.Wait(20000))"
$stopping = [System.Threading.Tasks.Task]::Run([Action] $shell.Stop)
while ($shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 5 }
$goOn.Set()
$stopping.Wait()
Out-Line "stopped: $($shell.InvocationStateInfo.State)"
