# A further signal while the exit block runs does not interrupt it, nor run it again.
param([string] $Second)
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    # The newest handler runs first: it tells that the module's own is next.
    [GracefulExit.Tests.Driver.OlderHandler]::Register($Second, 'second signal')
    Out-Line "exit block begins: $($_.Signal)"
    [GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
    Start-Sleep -Milliseconds 300
    Out-Line "exit block ends: $($_.Signal)"
}
Out-Line 'caller goes on'
