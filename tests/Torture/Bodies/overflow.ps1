Start-Sleep -Milliseconds $wait
function Enter-Deeper { Enter-Deeper }
Enter-Deeper
