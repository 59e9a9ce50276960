# An exit block within its time is not touched, nor are those after it: the time counts for each.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit @(
    foreach ($number in 1..4) {
        { Start-Sleep -Milliseconds 1200; $ended++ }
    }
) -ExitTimeoutSeconds 4
Out-Line "caller goes on: $ended"
