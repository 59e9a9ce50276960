$context = $_
while (-not $context.IsExitRequested) { $null = $context.Token.WaitHandle.WaitOne(100) }
Start-Sleep -Milliseconds $wait
