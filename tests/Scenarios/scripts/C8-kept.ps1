# What ended the body is not lost when an exit block runs for too long: exit N, an error, break.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

foreach ($turn in 1..2) {
    Use-ExitHandler {
        switch ($How) {
            'exit' { exit 5 }
            'error' { throw 'broken in the body' }
        }
        break
    } -OnExit { Start-Sleep -Seconds 100 }, { Out-Line "second: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -ErrorAction SilentlyContinue
    Out-Line 'not reached'
}
Out-Line "caller goes on: $turn"
