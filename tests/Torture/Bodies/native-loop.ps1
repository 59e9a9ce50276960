while ($true) { sleep 0.02 }
