while ($true) { 1..200; Start-Sleep -Milliseconds 1 }
