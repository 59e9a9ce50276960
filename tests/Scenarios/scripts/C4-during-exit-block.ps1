# Another runspace calls [Environment]::Exit(N) while an exit block runs: the exit block runs to its end first.
. "$PSScriptRoot/../prelude.ps1"

$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$exiting = [System.Threading.ManualResetEventSlim]::new()
$null = $shell.AddScript('param($exiting) $exiting.Set(); [Environment]::Exit(2)').AddArgument($exiting)
Use-ExitHandler { Out-Line 'body' } -OnExit {
    $null = $shell.BeginInvoke()
    $exiting.Wait()
    Start-Sleep -Milliseconds 300 # time in which the process would be gone
    Out-Line 'exit block ends'
}
Wait-Forever
