# Only with -ExitTimeoutSeconds.
while ($true) { Write-Host 'x' 6> $null }
