# return ends the body, not the caller; what it returns is output.
. "$PSScriptRoot/../prelude.ps1"

function Get-Value {
    Use-ExitHandler {
        foreach ($number in 1..5) {
            if ($number -eq 3) { return "number $number" }
        }
        Out-Line 'not reached'
    } -OnExit { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" }
    'function goes on'
}

Get-Value | ForEach-Object { Out-Line "got: $_" }
Use-ExitHandler { return } -OnExit { Out-Line 'exit block'; return; Out-Line 'not reached' }
Out-Line 'caller goes on'
