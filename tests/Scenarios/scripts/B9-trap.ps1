# With a trap in the caller: it gets the body's error after the exit block; a scope within a trap works too.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work {
    trap {
        Out-Line "trap: $_"
        Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "exit block in the trap: $($_.Reason)" }
        Out-Line "trap goes on: $_"
        continue
    }
    Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "exit block: $($_.Reason)" }
    Out-Line 'next statement'
    Use-ExitHandler { 1 / 0; Out-Line 'not reached' } -OnExit { Out-Line "exit block: $($_.Reason)" }
    Out-Line 'last statement'
}

Start-Work
Out-Line 'caller goes on'
