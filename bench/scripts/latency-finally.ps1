# What plain PowerShell has, for the one signal on which it runs: SIGINT.
$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
try {
    [System.Console]::Out.WriteLine('ready')
    Start-Sleep -Seconds 600
}
finally {
    $at = [System.Diagnostics.Stopwatch]::GetTimestamp()
    [System.Console]::Out.WriteLine("first $at")
}
