# The disk is full under the log that body and exit block write: an error each, and the clean-up goes on.
. "$PSScriptRoot/../prelude.ps1"

function Write-Log($Text) { [System.IO.File]::AppendAllText('/dev/full', $Text) }
Use-ExitHandler {
    Write-Log 'body begins'
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Write-Log 'exit block begins'
    'exit block' > /dev/full
    Out-Line "exit block ends: $($_.Signal)"
}, {
    try { Write-Log 'second' } catch { throw }
    Out-Line 'not reached'
}, { Out-Line "third: $($_.Signal)" }
Out-Line "caller goes on: $($Error[0].FullyQualifiedErrorId)"
