# With nested scopes, the older handler runs after the exit blocks of all of them.
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGTERM', 'older handler')
Use-ExitHandler {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'inner exit block' } -Append
} -OnExit {
    Start-Sleep -Milliseconds 100 # time in which a handler that did not wait would be seen
    Out-Line 'outer exit block'
}
[GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
Out-Line 'caller goes on'
