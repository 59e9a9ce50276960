param([string] $Situation)
. "$PSScriptRoot/body.ps1"

try { Invoke-Work $Situation } finally { Complete-Work }
Write-GoesOn
