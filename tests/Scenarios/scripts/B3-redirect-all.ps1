# *>&1 puts all streams of body and exit block into the output, in order, each record once.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'output'
    Write-Error 'error'
    Write-Warning 'warning'
    Write-Verbose 'verbose' -Verbose
    Write-Debug 'debug' -Debug
    Write-Information 'information'
    Write-Host 'host'
    'output again'
} -OnExit {
    'exit output'
    Write-Error 'exit error'
    Write-Warning 'exit warning'
    Write-Host 'exit host'
} *>&1 | ForEach-Object { Out-Line "got $($_.GetType().Name): $_" }
