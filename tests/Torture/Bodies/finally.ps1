try { while ($true) { Start-Sleep -Milliseconds 50 } }
finally {
    # All of it runs, also what follows a scope.
    Mark 'F__ID__'
    $n = 0; while ($n -lt 2000) { $n++ }
    Use-ExitHandler -Append { try { $null = 1 } finally { $null = 2 } } -OnExit { $null = 3 }
    Mark 'G__ID__'
}
