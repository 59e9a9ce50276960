# An HTTP server that answers the request at hand before it ends: no client sees a broken connection because of a restart.
# Stop it with Ctrl+C, kill, or a request for /stop.
#
#     pwsh -File http-server-drain.ps1 -Port 8080
param([Parameter(Mandatory)] [int] $Port)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

# Your answers come from here; some take their time.
function Get-Answer($Request) {
    Start-Sleep -Milliseconds 500
    "You asked for $($Request.RawUrl)`n"
}

$listener = [System.Net.HttpListener]::new()
$listener.Prefixes.Add("http://127.0.0.1:$Port/")
$answered = 0

# An answer may take up to the grace period. What is not finished then is stopped.
Use-ExitHandler -GracePeriodSeconds 20 {
    $exit = $_
    $listener.Start()
    "Serving http://127.0.0.1:$Port/ as process $PID"
    while (-not $exit.IsExitRequested) {
        # Wait for a client, or for somebody who asks us to end.
        $accept = $listener.GetContextAsync()
        $null = [System.Threading.WaitHandle]::WaitAny(@(([System.IAsyncResult] $accept).AsyncWaitHandle, $exit.Token.WaitHandle))
        if (-not $accept.IsCompleted) { break }

        $client = $accept.Result
        "Answering $($client.Request.RawUrl)"
        # As if SIGTERM had come: the answer is still given, then the loop ends.
        if ($client.Request.RawUrl -eq '/stop') { Send-ExitRequest }
        $bytes = [System.Text.Encoding]::UTF8.GetBytes((Get-Answer $client.Request))
        # Asks the client not to send its next request to us.
        $client.Response.KeepAlive = -not $exit.IsExitRequested
        $client.Response.Close($bytes, $true)
        $answered++
    }
} -OnExit {
    $listener.Close()
    "Closed after $answered answers, because of $($_.Signal ?? $_.Reason)"
}
