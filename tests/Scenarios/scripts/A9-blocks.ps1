# A function with begin, process and end blocks, and one that calls others, as bodies.
. "$PSScriptRoot/../prelude.ps1"

function Get-Part($Number) { "part $Number" }
function Get-Whole {
    param($Number)
    begin { Out-Line 'begin' }
    process { Get-Part $Number }
    end { Out-Line 'end' }
}

Use-ExitHandler ${function:Get-Whole} -ArgumentList 5 -OnExit { 'exit block' } | ForEach-Object { Out-Line "got: $_" }
