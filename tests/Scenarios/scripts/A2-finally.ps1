# The body's own finally block runs before the exit block; its catch block sees no error.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    try {
        Out-Line 'ready'
        Wait-Forever
    }
    catch { Out-Line "caught: $_" }
    finally { Out-Line 'finally of the body' }
    Out-Line 'not reached'
} -OnExit { Out-Line 'exit block' }
Out-Line 'caller goes on'
