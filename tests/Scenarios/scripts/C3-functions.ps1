# Functions, filters and aliases that the exit block names come along, and those that these name.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$prefix = 'named by a function'
function Stop-All($What) { Close-One $What; closing }
function Close-One { $args[0].Stop(); 'one' | Show-Item }
filter Show-Item { Out-Line "${prefix}: $_, $suffix" }
function Write-Closing { Out-Line 'through an alias' }
Set-Alias closing Write-Closing

Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $suffix = 'from the body'
    function Get-Late { 'defined by the body' }
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit {
    Out-Line "rescue: $($_.IsRescue), $(Get-Late)"
    Stop-All $listener
} -StopTimeoutSeconds 0.5
Out-Line 'caller goes on'
