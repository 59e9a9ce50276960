# What can't come along, a class of the script, is told as an error; the other exit blocks run, and the failed one's own catch works.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

class Cleaner { static [string] Clean() { return 'cleaned' } }
function Get-Clean { [Cleaner]::Clean() }
Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit {
    Out-Line 'first begins'
    $null = Get-Clean
    Out-Line 'first goes on, as after any failed statement'
}, {
    throw 'broken in the second'
}, {
    Out-Line "third: $($_.IsRescue)"
    $listener.Stop()
} -StopTimeoutSeconds 0.5
Out-Line 'caller goes on'
