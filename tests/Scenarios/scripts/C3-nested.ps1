# A rescue of the inner body frees it: the outer exit block runs on its own thread, then the caller goes on.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Use-ExitHandler {
        Show-LineWhen Blocked
        $null = $listener.AcceptTcpClient()
    } -OnExit {
        Out-Line "inner exit block, rescue: $($_.IsRescue)"
        $listener.Stop()
    } -StopTimeoutSeconds 0.5 -Append
    Out-Line 'not reached'
} -OnExit { Out-Line "outer exit block, rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
Out-Line 'caller goes on'
