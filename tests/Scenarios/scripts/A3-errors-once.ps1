# Each error is in $Error once, caught or not, written or thrown.
. "$PSScriptRoot/../prelude.ps1"

$Error.Clear()
try {
    Use-ExitHandler {
        Write-Error 'written' 2>$null
        throw 'thrown'
    } -OnExit { Out-Line "exit block: $($Error -join ', ')" }
}
catch { Out-Line "caught: $_" }
Out-Line "`$Error: $($Error -join ', ')"
