Start-Sleep -Milliseconds $wait
break
