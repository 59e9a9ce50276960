# A signal deep within functions that call themselves: all finally blocks run, then the exit block.
. "$PSScriptRoot/../prelude.ps1"

function Invoke-Deep($Depth) {
    try {
        if ($Depth -eq 0) {
            Out-Line 'ready'
            Wait-Forever
        }
        Invoke-Deep ($Depth - 1)
    }
    finally { $script:left++ }
}

Use-ExitHandler { Invoke-Deep 100 } -OnExit { Out-Line "exit block: $($_.Signal), left: $left" }
Out-Line 'caller goes on'
