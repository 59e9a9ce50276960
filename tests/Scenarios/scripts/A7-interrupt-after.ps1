# SIGINT with an -AfterSignal that ends the script: the older handler runs, after the exit block.
param([string] $AfterSignal)
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGINT', 'older handler')
try {
    Use-ExitHandler {
        Out-Line 'ready'
        Wait-Forever
    } -OnExit { Out-Line 'exit block' } -AfterSignal $AfterSignal
    Out-Line 'not reached'
}
finally {
    # The status of a stopped script is 0 or 1 by chance, with the shell alone too.
    if ($AfterSignal -eq 'Stop') { $Host.SetShouldExit(5) }
}
