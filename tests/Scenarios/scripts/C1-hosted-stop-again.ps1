# A runspace in which a scope was stopped is as good as new: the next scope works, signals included.
. "$PSScriptRoot/../prelude.ps1"

$runspace = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$runspace.Open()
foreach ($number in 1..3) {
    $ready = [System.Threading.ManualResetEventSlim]::new()
    $shell = [System.Management.Automation.PowerShell]::Create($runspace)
    $null = $shell.AddScript('param($prelude, $number, $ready)
        . $prelude
        Use-ExitHandler { $ready.Set(); Wait-Forever } -OnExit { Out-Line "exit block ${number}: $($_.Reason)" }').
        AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($number).AddArgument($ready)
    $running = $shell.BeginInvoke()
    $null = $ready.Wait(20000)
    $shell.Stop()
    $shell.Dispose()
}
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "exit block of the caller: $($_.Reason)" }
Out-Line 'caller goes on'
