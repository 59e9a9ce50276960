# A crash with nested scopes, the thread of the inner body stuck in a call: both exit blocks run, inner first.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        $thread = [System.Threading.Thread]::new([System.Threading.ThreadStart] { 'never runs' })
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $thread.Start()
        $null = $listener.AcceptTcpClient()
    } -OnExit { Out-Line "inner exit block: $($_.Reason)"; Out-Line 'inner exit block' -To log.txt } -Append
} -OnExit { Out-Line "outer exit block: $($_.Reason)"; Out-Line 'outer exit block' -To log.txt }
