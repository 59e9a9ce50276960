# After a scope that ended by itself, signals have their default effect again; nothing runs twice.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line 'exit block' }
try {
    Out-Line 'ready'
    Wait-Forever
}
finally {
    Out-Line 'finally of the caller'
    $Host.SetShouldExit(5) # the status of a stopped script is 0 or 1 by chance, with the shell alone too
}
