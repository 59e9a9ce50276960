# One import, the first in its process.
param([string] $Manifest)

$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
$from = [System.Diagnostics.Stopwatch]::GetTimestamp()
Import-Module $Manifest -ErrorAction Stop
$to = [System.Diagnostics.Stopwatch]::GetTimestamp()
[System.Console]::Out.WriteLine("ticks $($to - $from)")
