# The process exits with scopes active in several runspaces: the exit block of each runs, once.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

$running = [System.Threading.CountdownEvent]::new(3)
foreach ($number in 1..3) {
    $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $shell.AddScript('param($prelude, $number, $running)
        . $prelude
        Start-Sleep -Milliseconds 0 # loaded before the signal comes
        Use-ExitHandler {
            $null = $running.Signal()
            Wait-Forever
        } -OnExit { Out-Line "exit block" -To "runspace-$number.txt" } -Append
        ').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument($number).AddArgument($running)
    $null = $shell.BeginInvoke()
}
Use-ExitHandler {
    Out-Line "all are running: $($running.Wait(20000))"
    if ($How -eq 'Environment.Exit') { [Environment]::Exit(8) }
} -OnExit { Out-Line 'exit block' -To main.txt } -Append
if ($How -eq 'SetShouldExit') { $Host.SetShouldExit(8) } else { exit 8 }
