# In an advanced function with begin, process, end and clean blocks, in the middle of a pipeline.
. "$PSScriptRoot/../prelude.ps1"

function Convert-Item {
    [CmdletBinding()]
    param([Parameter(Mandatory, ValueFromPipeline)] [int] $Number)
    begin { Use-ExitHandler { 'begin' } -OnExit { Out-Line "exit block of begin: $($_.Reason)" } }
    process {
        Use-ExitHandler { 10 * $Number; if ($Number -eq 2) { Send-Signal SIGTERM; Wait-Forever } } -OnExit { Out-Line "exit block of ${Number}: $($_.Reason)" }
        "after $Number"
    }
    end { Use-ExitHandler { 'end' } -OnExit { Out-Line "exit block of end: $($_.Reason)" } }
    clean { Use-ExitHandler { Out-Line 'clean' } -OnExit { Out-Line "exit block of clean: $($_.Reason)" } }
}

1..3 | Convert-Item | ForEach-Object { Out-Line "got $_" }
try { 4 | Convert-Item -ErrorAction Stop | ForEach-Object { throw 'enough' } } catch { Out-Line "caught: $_" }
