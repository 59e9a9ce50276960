# The example http-server-drain.ps1: the answer at hand is given before it closes.
param([switch] $Idle)
. "$PSScriptRoot/../prelude.ps1"

$probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
$probe.Start()
$port = $probe.LocalEndpoint.Port
$probe.Stop()
if (-not $Idle) {
    # A client beside the server, which asks until the server is there.
    $client = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $client.AddScript('param($address)
        $http = [System.Net.Http.HttpClient]::new()
        while ($null -eq $answer) {
            try { $answer = $http.GetStringAsync($address).GetAwaiter().GetResult() } catch { Start-Sleep -Milliseconds 20 }
        }
        "client got: $($answer.Trim())"').AddArgument("http://127.0.0.1:$port/slow")
    $asking = $client.BeginInvoke()
}
& "$PSScriptRoot/../../../examples/http-server-drain.ps1" -Port $port | ForEach-Object {
    Out-Line ($_ -replace "^Serving .* as process $PID`$", 'Serving as process PID')
}
if (-not $Idle) { $client.EndInvoke($asking) | ForEach-Object { Out-Line $_ } }
