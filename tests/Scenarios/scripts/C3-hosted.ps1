# A rescue for a scope in a background runspace: with that runspace's variables and functions, while the main one goes on.
. "$PSScriptRoot/../prelude.ps1"

$where = 'main runspace'
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($prelude, $watch)
    . $prelude
    . $watch
    $where = "background runspace"
    function Get-Where { $where }
    Use-ExitHandler {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        Show-LineWhen Blocked
        $null = $listener.AcceptTcpClient()
    } -OnExit {
        Out-Line "exit block: $(Get-Where), rescue: $($_.IsRescue)"
        $listener.Stop()
    } -StopTimeoutSeconds 0.5
    "background goes on"').AddArgument("$PSScriptRoot/../prelude.ps1").AddArgument("$PSScriptRoot/../fixtures/thread-watch.ps1")

Out-Line $shell.EndInvoke($shell.BeginInvoke())
Out-Line "caller goes on: $where"
