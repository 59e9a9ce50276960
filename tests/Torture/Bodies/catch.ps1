while ($true) { try { Start-Sleep -Milliseconds 50 } catch { } }
