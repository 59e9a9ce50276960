# A small HTTP server that closes its listener whatever ends it: Ctrl+C, kill, an error, a stopped job.
#
#     pwsh -File http-server.ps1 -Port 8080
param(
    # 0: any free port.
    [int] $Port = 0
)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

function Get-FreePort {
    $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $probe.LocalEndpoint.Port
    $probe.Stop()
}

if ($Port -eq 0) { $Port = Get-FreePort }
$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://127.0.0.1:$Port/")
$answered = 0

Use-ExitHandler {
    $listener.Start()
    "Serving http://127.0.0.1:$Port/ as process $PID"
    'Stop with Ctrl+C or kill'
    while ($true) {
        # A signal stops the body between two statements. Waiting in slices leaves room for one, so that it takes effect
        # at once; in $listener.GetContext() it would have to interrupt the call.
        $accept = $listener.GetContextAsync()
        while (-not $accept.Wait(100)) { }

        $context = $accept.Result
        $bytes = [System.Text.Encoding]::UTF8.GetBytes("You asked for $($context.Request.RawUrl)`n")
        $context.Response.Close($bytes, $true)
        $answered++
        "Answered $($context.Request.HttpMethod) $($context.Request.RawUrl)"
    }
} -OnExit {
    $listener.Close()
    "Closed the listener after $answered answer(s), because of $($_.Signal ?? $_.Reason)"
}
