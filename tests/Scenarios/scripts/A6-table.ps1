# The table of Get-ExitHandler fits 100 columns.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $table = (Get-ExitHandler | Out-String -Width 100).Trim() -split '\r?\n'
    Out-Line ($table[0] -replace ' +', ' ')
    Out-Line ($table[-1] -replace '\d\d-\d\d \d\d:\d\d:\d\d', 'DATE' -replace ' +', ' ').Trim()
    Out-Line "lines: $($table.Count), 100 columns: $(-not ($table | Where-Object Length -GT 100))"
} -OnExit { }
