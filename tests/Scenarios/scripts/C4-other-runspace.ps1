# [Environment]::Exit(N) in another runspace: the body is stopped, its exit block runs.
. "$PSScriptRoot/../prelude.ps1"

$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('[Environment]::Exit(6)')
Use-ExitHandler {
    $null = $shell.BeginInvoke()
    Wait-Forever
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" }
# The process is on its way out; whether this is reached is a matter of time.
Wait-Forever
