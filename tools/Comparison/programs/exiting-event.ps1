param([string] $Situation)
. "$PSScriptRoot/body.ps1"

# The action runs in a module of its own.
$null = Register-EngineEvent PowerShell.Exiting -Action {
    [Console]::Out.WriteLine('clean-up')
    Start-Sleep -Milliseconds 300
    [Console]::Out.WriteLine('cleaned up')
}
Invoke-Work $Situation
Write-GoesOn
