# A handler that compiled code registered before still runs, once, after the exit block, and the caller goes on.
param([string] $Signal)
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register($Signal, 'older handler')
Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line 'exit block begins'
    Start-Sleep -Milliseconds 100 # time in which a handler that did not wait would be seen
    Out-Line 'exit block ends'
}
[GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
Out-Line 'caller goes on'
