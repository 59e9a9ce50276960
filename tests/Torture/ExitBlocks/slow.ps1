Start-Sleep -Milliseconds $pause
