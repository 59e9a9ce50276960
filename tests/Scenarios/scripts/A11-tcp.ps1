# A server blocked in TcpListener.AcceptTcpClient() ends in time; its exit block closes the listener; the caller goes on.
param([string] $Client)
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
$listener.Start()
if ($Client) {
    $connection = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $listener.LocalEndpoint.Port)
}
Use-ExitHandler {
    if ($connection) {
        $accepted = $listener.AcceptTcpClient()
        Out-Line 'a client is connected'
    }
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
    Out-Line 'not reached'
} -OnExit {
    $listener.Stop()
    if ($accepted) { $accepted.Close() }
    Out-Line "exit block: $($_.Reason) $($_.Signal)"
} -StopTimeoutSeconds 1 -ExitVariable context
# 1 s and a half, and as much again for a busy machine.
Out-Line "in time: $(([datetime]::Now - $context.RequestedAt).TotalSeconds -lt 3)"
if ($connection) {
    Out-Line "the client sees the end: $($connection.GetStream().ReadByte())"
}
Out-Line 'caller goes on'
