# exit in a function that the body calls, in a scope within a function: exit block, finally block of the caller, then the end.
. "$PSScriptRoot/../prelude.ps1"

function Stop-Everything { exit 7 }
function Start-Work {
    try {
        Use-ExitHandler { Stop-Everything } -OnExit { Out-Line "exit block: $($_.ExitCode)" }
        Out-Line 'not reached'
    }
    catch { Out-Line "caught: $_" }
    finally { Out-Line 'finally of the caller' }
}

Start-Work
Out-Line 'not reached either'
