# Only with -TimeoutSeconds.
while ($true) { Start-Sleep -Milliseconds 100 }
