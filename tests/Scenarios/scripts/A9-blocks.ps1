# A function with begin, process and end blocks as the body: it gets no pipeline input, as in `. { }`, and its blocks all run.
. "$PSScriptRoot/../prelude.ps1"

function Get-Part($Number) { "part $Number" }
function Get-Whole {
    param($Number)
    begin { Get-Part "$Number, begin" }
    process { Get-Part "$Number, process" }
    end { Get-Part "$Number, end" }
}

. ${function:Get-Whole} 5 | ForEach-Object { Out-Line "got: $_" }
Out-Line 'and:'
Use-ExitHandler ${function:Get-Whole} -ArgumentList 5 -OnExit ${function:Get-Whole} | ForEach-Object { Out-Line "got: $_" }
