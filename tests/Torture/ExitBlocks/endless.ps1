# Only with -ExitTimeoutSeconds.
while ($true) { Start-Sleep -Milliseconds 100 }
