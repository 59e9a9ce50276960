# Signals at the very start and the very end of many scopes: each exit block runs once.
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
$starts = $ends = $exits = 0
foreach ($turn in 1..40) {
    foreach ($signal in 'SIGTERM', 'SIGHUP', 'SIGINT') {
        Use-ExitHandler { $starts++; Send-Signal $signal; Wait-Forever } -OnExit { $exits++ }
    }
}
Out-Line "$starts bodies, $exits exit blocks"

[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGTERM', '')
$starts = $exits = 0
foreach ($turn in 1..40) {
    # The handler is an older one: it runs when the scope is done with the signal.
    Use-ExitHandler { $starts++; Send-Signal SIGTERM } -OnExit { $exits++; Start-Sleep -Milliseconds 20; $ends++ }
    [GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
}
Out-Line "$starts bodies, $exits exit blocks, $ends ended"
