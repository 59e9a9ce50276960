# SIGKILL: the guard runs the exit block, with the variables, functions, place and environment of the scope's begin.
. "$PSScriptRoot/../prelude.ps1"

function Format-Name($Name) { "<$Name>" }
function Show-State($Context) { Out-Line "$(Format-Name $name) $($list -join '+') $env:GREETING, $(Split-Path -Leaf (Get-Location).Path), $($Context.Reason)" }

$name = 'begin'
$list = 1, 2, 3
$env:GREETING = 'hello'
$null = [System.IO.Directory]::CreateDirectory("$env:SCENARIO_TEMP/here")
Set-Location -LiteralPath "$env:SCENARIO_TEMP/here"
Use-ExitHandler -Guard {
    $name = 'changed by the body'
    $env:GREETING = 'changed by the body'
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Show-State $_
    Out-Line "$($args.Count) $($args[0].ExitCode) [$($_.Signal)] $($_.IsExitRequested) $($_.IsRescue) $($_.StartedAt.Date -eq $_.RequestedAt.Date)"
    'as output'
    Write-Host 'by the host'
}
Out-Line 'not reached'
