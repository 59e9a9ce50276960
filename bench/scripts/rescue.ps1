# A body that can't be stopped, and an exit block that names so many variables: the rescue captures them.
param([string] $Manifest, [int] $Amount)

Import-Module $Manifest -ErrorAction Stop
. "$PSScriptRoot/../../tests/Pester/Harness/process.ps1"

foreach ($i in 1..$Amount) { Set-Variable "value$i" $i }
$names = foreach ($i in 1..$Amount) { "`$value$i" }
$onExit = [scriptblock]::Create(@"
`$at = [System.Diagnostics.Stopwatch]::GetTimestamp()
`$listener.Stop()
`$sum = 0
foreach (`$value in $($names -join ', ')) { `$sum += `$value }
[System.Console]::Out.WriteLine("rescue `$([int] `$_.IsRescue)``nsum `$sum``nfirst `$at")
"@)
$listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
$listener.Start()
Use-ExitHandler {
    Show-LineWhen Blocked
    $null = $listener.AcceptTcpClient()
} -OnExit $onExit -StopTimeoutSeconds 1
