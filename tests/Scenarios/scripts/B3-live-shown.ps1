# What is not redirected is shown at once and in order, whatever its stream.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'output'
    Out-Line 'after output'
    Write-Warning 'warning'
    Out-Line 'after warning'
    Write-Verbose 'verbose' -Verbose
    Out-Line 'after verbose'
    Write-Debug 'debug' -Debug
    Out-Line 'after debug'
    Write-Information 'information' -InformationAction Continue
    Out-Line 'after information'
    Write-Host 'host'
    Out-Line 'after host'
    Write-Host 'no ' -NoNewline
    Write-Host 'new line'
    Write-Progress 'progress'
    Write-Error 'error'
    Out-Line 'after error'
} -OnExit {
    Write-Warning 'of the exit block'
    Out-Line 'end'
}
