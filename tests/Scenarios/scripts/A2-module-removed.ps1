# The module is removed while its scope is active: the scope ends as ever.
param([string] $Where)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    if ($Where -eq 'body') { Remove-Module GracefulExit }
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    if ($Where -eq 'exit block') { Remove-Module GracefulExit }
    Out-Line "exit block: $($_.Reason) $($_.Signal)"
}, { Out-Line "second exit block: $($_.Signal)" }
Out-Line 'caller goes on'
Import-Module $env:GRACEFULEXIT_MODULE
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "again: $($_.Signal)" }
