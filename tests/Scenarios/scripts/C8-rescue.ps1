# The time-out holds for a rescue too; the remaining exit blocks run and the caller goes on.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit {
    Out-Line "first, rescue: $($_.IsRescue)"
    Start-Sleep -Seconds 100
    Out-Line 'not reached'
}, {
    Out-Line 'second'
    $listener.Stop()
} -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
Out-Line 'caller goes on'
