# A signal as the body's last statement, taken while the exit block runs: it runs once, to its end, and the caller goes on.
param([string] $Signal)
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
Use-ExitHandler {
    # The newest handler runs first: it tells that the module's own is next.
    [GracefulExit.Tests.Driver.OlderHandler]::Register($Signal, '')
    Out-Line 'body'
    Send-Signal $Signal
} -OnExit {
    [GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
    Out-Line 'exit block begins'
    Start-Sleep -Milliseconds 300
    Out-Line 'exit block ends'
}
Out-Line 'caller goes on'
