# A signal, and [Environment]::Exit(N) while its handler waits: no deadlock, the exit block runs once, the status is N.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    $null = Wait-ExitRequest
    [Environment]::Exit(4)
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'not reached'
