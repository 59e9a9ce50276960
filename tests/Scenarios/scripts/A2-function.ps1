# The statement after a signalled scope is the next one in the function; callers further up notice nothing.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work {
    Use-ExitHandler {
        Out-Line 'ready'
        Wait-Forever
    } -OnExit { Out-Line 'exit block' }
    'result'
}

Out-Line "the function returned: $(Start-Work)"
