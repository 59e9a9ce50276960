# An exit block that hangs, within that of an outer scope: each Ctrl+C is told when it has been taken.
param([string] $Body)
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
Use-ExitHandler {
    Use-ExitHandler {
        if ($Body -eq 'signalled') {
            Out-Line 'ready'
            Wait-Forever
        }
    } -OnExit {
        # The newest handler runs first.
        [GracefulExit.Tests.Driver.OlderHandler]::Register('SIGINT', 'Ctrl+C')
        Out-Line 'exit block begins'
        Wait-Forever
    } -Append
    Out-Line 'not reached'
} -OnExit { Out-Line 'outer exit block' }
# The process is on its way out; whether this is reached is a matter of time.
Wait-Forever
