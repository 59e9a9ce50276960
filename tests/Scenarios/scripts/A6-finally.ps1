# Between the exit blocks the outer body is unwound: its finally block runs to its end, its catch block sees nothing.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    try {
        Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'inner exit block' } -Append
        Out-Line 'more of the outer body'
    }
    catch { Out-Line "caught: $_" }
    finally {
        Out-Line 'finally of the outer body begins'
        $sum = (1..1000 | Measure-Object -Sum).Sum
        Out-Line "finally of the outer body ends: $sum"
    }
} -OnExit { Out-Line 'outer exit block' }
Out-Line 'caller goes on'
