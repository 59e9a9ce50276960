# A free port that nobody has taken by the time it is asked for: usually the first.
while ($true) {
    $port = Get-Random -Minimum 20000 -Maximum 60000
    $listener = [System.Net.HttpListener]::new()
    $listener.Prefixes.Add("http://127.0.0.1:$port/")
    try { $listener.Start(); break } catch [System.Net.HttpListenerException] { }
}
$null = $listener.GetContext()
