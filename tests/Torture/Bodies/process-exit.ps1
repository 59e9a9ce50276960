Start-Sleep -Milliseconds $wait
[System.Environment]::Exit($code)
