# A runspace is closed while a scope in it is active: its exit block runs to its end.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

$running = [System.Threading.ManualResetEventSlim]::new()
$runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$runspace.Open()
$shell = [System.Management.Automation.PowerShell]::Create($runspace)
$null = $shell.AddScript('param($prelude, $running)
    . $prelude
    Start-Sleep -Milliseconds 0 # loaded before the signal comes
    $own = "its own variable"
    Use-ExitHandler {
        $running.Set()
        Wait-Forever
    } -OnExit {
        Out-Line "exit block begins: $($_.Reason)"
        Start-Sleep -Milliseconds 100
        Out-Line "exit block ends: $own"
    }, { Out-Line "second exit block" }
    Out-Line "not reached"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($running)
$null = $shell.BeginInvoke()
Out-Line "running: $($running.Wait(20000))"
switch ($How) {
    'Runspace.Close' { $runspace.Close() }
    'Runspace.Dispose' { $runspace.Dispose() }
    'PowerShell.Dispose' { $shell.Stop(); $shell.Dispose() }
}
Out-Line "closed: $($runspace.RunspaceStateInfo.State)"
