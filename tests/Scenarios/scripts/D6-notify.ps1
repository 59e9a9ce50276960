# Under systemd STOPPING=1 is sent at the first exit request, once, and not for a body that ends by itself.
param([string] $Kind)
. "$PSScriptRoot/../prelude.ps1"

$name = if ($Kind -eq 'abstract') { "@graceful-exit-$PID" } else { "$env:SCENARIO_TEMP/notify" }
$socket = [System.Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
$socket.Bind([System.Net.Sockets.UnixDomainSocketEndPoint]::new(($name -replace '^@', "`0")))
$env:NOTIFY_SOCKET = $name
function Read-Notice {
    while ($socket.Poll(200000, 'SelectRead')) {
        $buffer = [byte[]]::new(100)
        Out-Line "notice: $([System.Text.Encoding]::ASCII.GetString($buffer, 0, $socket.Receive($buffer)))"
    }
}

Use-ExitHandler { 'body' } -OnExit { } | ForEach-Object { Out-Line $_ }
Read-Notice
Use-ExitHandler {
    Out-Line 'ready'
    $null = Wait-ExitRequest
    Read-Notice
    Out-Line 'body ends'
} -OnExit { Out-Line 'exit block' } -GracePeriodSeconds 20
Use-ExitHandler { Send-Signal SIGHUP; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal)" }
Read-Notice
Out-Line 'caller goes on'
