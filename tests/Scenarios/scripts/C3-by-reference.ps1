# What the rescue does to an object is seen by the caller: it is the same object.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$state = [pscustomobject]@{ Text = 'as the caller made it' }
$list = [System.Collections.Generic.List[string]]::new()
$table = @{ 'key' = 1 }
Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit {
    $state.Text = 'changed by the rescue'
    $list.Add('added by the rescue')
    $table['key']++
    $listener.Stop()
} -StopTimeoutSeconds 0.5 -ExitVariable context
Out-Line "$($state.Text), $list, $($table['key']), rescue: $($context.IsRescue)"
