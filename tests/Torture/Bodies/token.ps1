# What somebody does when the token is cancelled never comes back; the end may not wait for it.
$forever = [System.Threading.ManualResetEventSlim]::new()
$null = $_.Token.Register([action] $forever.Wait)
while ($true) { Start-Sleep -Milliseconds 50 }
