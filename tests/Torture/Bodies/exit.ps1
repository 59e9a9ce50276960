Start-Sleep -Milliseconds $wait
exit $code
