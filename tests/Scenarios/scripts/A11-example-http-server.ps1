# The example http-server.ps1 answers a request, is ended by a signal and has closed its port.
. "$PSScriptRoot/../prelude.ps1"

$probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
$probe.Start()
$port = $probe.LocalEndpoint.Port
$probe.Stop()

# A client beside the server, which asks until the server is there.
$client = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $client.AddScript('param($address)
    $http = [System.Net.Http.HttpClient]::new()
    $answer = $null
    while ($null -eq $answer) {
        try { $answer = $http.GetStringAsync($address).GetAwaiter().GetResult() } catch { Start-Sleep -Milliseconds 20 }
    }
    [Console]::Out.WriteLine("client got: $($answer.Trim())")').AddArgument("http://127.0.0.1:$port/hello")
$asking = $client.BeginInvoke()

& "$PSScriptRoot/../../../examples/http-server.ps1" -Port $port
$null = $client.EndInvoke($asking)
$probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, $port)
$probe.Start()
Out-Line 'the port is free again'
