param([string] $Situation)
. "$PSScriptRoot/body.ps1"

trap {
    [Console]::Out.WriteLine('clean-up')
    Start-Sleep -Milliseconds 300
    [Console]::Out.WriteLine('cleaned up')
    break
}
Invoke-Work $Situation
Complete-Work
Write-GoesOn
