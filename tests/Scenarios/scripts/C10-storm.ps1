# A storm of signals during the body or its exit block: the exit block runs once, to its end, and the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGWINCH', '')
Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line 'exit block begins'
    Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
    # Signals are taken in the order in which they came: when this harmless one has been, those before it have been too.
    Send-Signal SIGWINCH
    [GracefulExit.Tests.Driver.OlderHandler]::WaitForRun()
    Out-Line 'exit block ends'
}
Out-Line 'caller goes on'
