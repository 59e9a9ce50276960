# The scope is in a background runspace: Exit and Raise end the whole process, the scope of the main runspace included.
param([string] $Where, [string] $After)
. "$PSScriptRoot/../prelude.ps1"

$running = [System.Threading.ManualResetEventSlim]::new()
$work = {
    param($prelude, $running, $after)
    . $prelude
    Start-Sleep -Milliseconds 0 # loaded before the signal comes
    Use-ExitHandler {
        $running.Set()
        Start-Sleep -Seconds 3600
    } -OnExit { Out-Line "background exit block: $($_.Signal)" } -Signal SIGTERM -AfterSignal $after -Append
    Out-Line 'not reached'
}
Use-ExitHandler {
    $arguments = "$PSScriptRoot/../prelude.ps1", $running, $After
    if ($Where -eq 'thread job') {
        $job = Start-ThreadJob $work -ArgumentList $arguments
    }
    else {
        $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript("$work")
        foreach ($argument in $arguments) { $null = $shell.AddArgument($argument) }
        $null = $shell.BeginInvoke()
    }
    $running.Wait()
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line "main exit block: $($_.Reason) $($_.ExitCode)" } -Signal SIGHUP
Wait-Forever
