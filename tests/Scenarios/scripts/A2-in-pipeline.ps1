# A signal ends the body only: the caller's pipeline goes on to its end with what the body and the exit block wrote.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'from the body'
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    'from the exit block'
} | ForEach-Object -Process { Out-Line "got: $_" } -End { Out-Line 'end of the pipeline' }
Out-Line 'caller goes on'
