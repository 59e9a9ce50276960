# The terminal is closed: SIGHUP; the exit block runs to its end although nothing can be written any more.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block begins: $($_.Reason) $($_.Signal)" -To log.txt
    'nobody reads this'
    Write-Warning 'nor this'
    Write-Host 'nor this'
    Out-Line 'exit block ends' -To log.txt
}
Out-Line 'caller goes on' -To log.txt
