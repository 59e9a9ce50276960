# PowerShell.Stop() while the body unwinds after a signal: the stop reaches the caller just as the exit block begins.
. "$PSScriptRoot/../prelude.ps1"

$shared = @{
    Ready   = [System.Threading.ManualResetEventSlim]::new()
    Stopped = [System.Threading.ManualResetEventSlim]::new()
    GoOn    = [System.Threading.ManualResetEventSlim]::new()
}
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $shared)
    . $prelude
    Start-Sleep -Milliseconds 0 # loaded before the stop comes
    Use-ExitHandler -StopTimeoutSeconds 60 {
        try {
            $shared.Ready.Set()
            Wait-Forever
        }
        finally {
            $shared.Stopped.Set()
            # No wait, which would be interrupted.
            while (-not $shared.GoOn.IsSet) { }
        }
    } -OnExit {
        Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
        foreach ($i in 1..10) {
            Start-Sleep -Milliseconds 10
            Write-Error "an error that nobody takes"
            "output that nobody takes"
        }
        Out-Line "exit block ends"
    }, { Out-Line "second exit block" }
    Out-Line "not reached"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($shared)

# As the shells run a script: its errors go to the command behind it, which is stopped too.
$shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
$null = $shell.AddCommand('Out-Null')

$running = $shell.BeginInvoke()
Out-Line "ready: $($shared.Ready.Wait(20000))"
Send-Signal SIGTERM
Out-Line "unwinding: $($shared.Stopped.Wait(20000))"
$stop = $shell.BeginStop($null, $null)
Out-Line "told: $($shell.InvocationStateInfo.State)"
$shared.GoOn.Set()
$shell.EndStop($stop)
Out-Line "stopped: $($shell.InvocationStateInfo.State)"
