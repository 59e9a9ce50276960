Start-Sleep -Milliseconds $wait
