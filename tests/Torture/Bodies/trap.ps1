trap { continue }
while ($true) { Start-Sleep -Milliseconds 50 }
