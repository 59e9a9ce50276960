# What was written before a signal has arrived, and is not written again.
. "$PSScriptRoot/../prelude.ps1"

$all = Use-ExitHandler {
    'output'
    Write-Warning 'warning'
    Write-Error 'error'
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    'exit output'
    Write-Warning 'exit warning'
} *>&1
Out-Line ($all -join ', ')
