while ($true) { Start-Sleep -Milliseconds 100 }
