# In a dot-sourced file: what body and exit block assign is in the scope of whoever dot-sourced it.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work {
    . "$PSScriptRoot/../fixtures/dot-sourced.ps1"
    Out-Line "function: $step, $cleaned"
}

Start-Work
Out-Line "script: '$step', '$cleaned'"
. "$PSScriptRoot/../fixtures/dot-sourced.ps1"
Out-Line "script: $step, $cleaned"
try { . "$PSScriptRoot/../fixtures/dot-sourced.ps1" throw } catch { Out-Line "caught: $_" }
. "$PSScriptRoot/../fixtures/dot-sourced.ps1" exit
Out-Line "exit of a dot-sourced file: $LASTEXITCODE"
