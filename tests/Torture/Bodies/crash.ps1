Start-Sleep -Milliseconds $wait
# A script block on a thread without a runspace: nobody handles the exception that it throws there.
[System.Threading.Thread]::new([System.Threading.ThreadStart] { $null = 1 }).Start()
while ($true) { Start-Sleep -Milliseconds 50 }
