Start-Sleep -Milliseconds $wait
throw 'body failed'
