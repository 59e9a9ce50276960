# Several exit blocks in a rescue: in order, in one session, at the body's location; what they write is seen.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    Set-Location $PSHOME
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit {
    $found = 'by the first'
    "first writes, at the body's location: $((Get-Location).Path -eq [System.IO.Path]::TrimEndingDirectorySeparator($PSHOME))"
}, {
    Write-Host "second sees what was found $found"
    [System.Console]::Out.WriteLine((/bin/echo "native command's output"))
}, {
    Out-Line "third: $($_.IsRescue)"
    $listener.Stop()
} -StopTimeoutSeconds 0.5
Out-Line 'caller goes on'
