# What the shell itself takes to end, after a second in Start-Sleep.
$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
[System.Console]::Out.WriteLine('ready')
Start-Sleep -Seconds 1
$at = [System.Diagnostics.Stopwatch]::GetTimestamp()
[System.Console]::Out.WriteLine("last $at")
