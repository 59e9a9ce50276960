# Each stream can be redirected into the output on the call, alone.
. "$PSScriptRoot/../prelude.ps1"

$body = {
    'output'
    Write-Error 'error' -ErrorAction Continue
    Write-Warning 'warning'
    Write-Verbose 'verbose' -Verbose
    Write-Debug 'debug' -Debug
    Write-Information 'information' -InformationAction Continue
    Write-Host 'host'
}
function Show-Record { process { Out-Line "got $($_.GetType().Name): $_" } }

Use-ExitHandler $body 2>&1 3>$null 4>$null 5>$null 6>$null | Show-Record
Use-ExitHandler $body 2>$null 3>&1 4>$null 5>$null 6>$null | Show-Record
Use-ExitHandler $body 2>$null 3>$null 4>&1 5>$null 6>$null | Show-Record
Use-ExitHandler $body 2>$null 3>$null 4>$null 5>&1 6>$null | Show-Record
Use-ExitHandler $body 2>$null 3>$null 4>$null 5>$null 6>&1 | Show-Record
