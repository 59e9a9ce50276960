# PowerShell.Stop() from another thread: the exit block runs to its end, nothing more of the script does.
. "$PSScriptRoot/../prelude.ps1"

$ready = [System.Threading.ManualResetEventSlim]::new()
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $ready)
    . $prelude
    try {
        Use-ExitHandler {
            $ready.Set()
            Wait-Forever
        } -OnExit {
            Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
            "output that nobody takes"
            Write-Error "an error that nobody takes"
            Start-Sleep -Milliseconds 50
            1..3 | ForEach-Object { $sum += $_ }
            Out-Line "exit block ends: $sum, requested: $($_.IsExitRequested)"
        }, { Out-Line "second exit block" }
        Out-Line "not reached"
    }
    catch { Out-Line "caught: $_" }
    finally { Out-Line "finally" }
    Out-Line "not reached either"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($ready)

$running = $shell.BeginInvoke()
Out-Line "ready: $($ready.Wait(20000))"
$shell.Stop()
Out-Line "stopped: $($shell.InvocationStateInfo.State)"
try { $null = $shell.EndInvoke($running) } catch { Out-Line $_.Exception.InnerException.GetType().Name }
