# A module's function that the exit block names runs in the rescue, with the module's private function and variable.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"
Import-Module "$PSScriptRoot/../fixtures/Server.psm1"

Use-ExitHandler {
    $listener = Start-Server
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit { Out-Line "exit block: $(Stop-Server $listener), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
Out-Line 'caller goes on'
