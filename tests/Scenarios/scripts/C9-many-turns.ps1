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

$starts = $exits = 0
foreach ($turn in 1..5) {
    foreach ($signal in 'SIGTERM', 'SIGHUP') {
        Use-ExitHandler {
            # The newest handler runs first: it tells that the module's own is next.
            [GracefulExit.Tests.Driver.OlderHandler]::Register($signal, '')
            $starts++
            Send-Signal $signal
        } -OnExit {
            $exits++
            [GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
            Start-Sleep -Milliseconds 200
            $ends++
        }
        [GracefulExit.Tests.Driver.OlderHandler]::Clear()
    }
}
Out-Line "$starts bodies, $exits exit blocks, $ends ended"
