# A body that ends in a way of its own in its grace period: exit N, an error, break reach the caller.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

try {
    foreach ($turn in 1..2) {
        Use-ExitHandler {
            Out-Line 'ready'
            $null = Wait-ExitRequest
            switch ($How) { 'exit' { exit 3 } 'error' { throw 'broken in the body' } }
            break
        } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -GracePeriodSeconds 20
        Out-Line 'not reached'
    }
}
catch { Out-Line "caught: $_" }
Out-Line "caller goes on: $turn"
