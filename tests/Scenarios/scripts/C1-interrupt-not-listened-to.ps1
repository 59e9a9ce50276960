# SIGINT that is not in -Signal: pwsh stops the script as ever, after the exit block has run to its end.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler {
        Out-Line 'ready'
        Wait-Forever
    } -OnExit {
        Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
        'output that nobody takes'
        Start-Sleep -Milliseconds 50
        Out-Line 'exit block ends'
    } -Signal SIGTERM
    Out-Line 'not reached'
}
finally {
    Out-Line 'finally of the caller'
    $Host.SetShouldExit(5) # the status of a stopped script is 0 or 1 by chance, with the shell alone too
}
Out-Line 'not reached either'
