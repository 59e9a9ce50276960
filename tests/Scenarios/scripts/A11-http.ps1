# A server blocked in HttpListener.GetContext() ends in time; its exit block answers whom it still owes and closes; the caller goes on.
param([string] $Client)
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

do {
    $port = Get-Random -Minimum 20000 -Maximum 60000
    $listener = [System.Net.HttpListener]::new()
    $listener.Prefixes.Add("http://127.0.0.1:$port/")
    try { $listener.Start() } catch { $listener.Close() } # somebody's port
} until ($listener.IsListening)
if ($Client) {
    $connection = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
    $connection.GetStream().Write([System.Text.Encoding]::ASCII.GetBytes("GET / HTTP/1.1`r`nHost: 127.0.0.1:$port`r`nConnection: close`r`n`r`n"))
}
Use-ExitHandler {
    if ($connection) {
        $request = $listener.GetContext()
        Out-Line "asked for: $($request.Request.RawUrl)"
    }
    Show-LineWhen Blocked
    $null = $listener.GetContext()
    Out-Line 'not reached'
} -OnExit {
    if ($request) { $request.Response.Close() }
    $listener.Stop()
    Out-Line "exit block: $($_.Reason) $($_.Signal)"
} -StopTimeoutSeconds 1 -ExitVariable context
# 1 s and a half, and as much again for a busy machine.
Out-Line "in time: $(([datetime]::Now - $context.RequestedAt).TotalSeconds -lt 3)"
if ($connection) {
    Out-Line ([System.IO.StreamReader]::new($connection.GetStream()).ReadLine())
}
Out-Line 'caller goes on'
