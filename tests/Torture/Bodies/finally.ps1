try { while ($true) { Start-Sleep -Milliseconds 50 } }
finally { $n = 0; while ($n -lt 2000) { $n++ } }
