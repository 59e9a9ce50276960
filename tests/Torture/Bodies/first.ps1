# Piped to Select-Object -First 1.
Start-Sleep -Milliseconds $wait
1..1000
while ($true) { Start-Sleep -Milliseconds 50 }
