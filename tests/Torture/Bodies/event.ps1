# Event actions run between the body's statements; a signal may come in the midst of one.
$timer = [System.Timers.Timer]::new(5)
$null = Register-ObjectEvent $timer Elapsed -Action { $n = 0; while ($n -lt 500) { $n++ } }
$timer.Start()
while ($true) { Start-Sleep -Milliseconds 20 }
