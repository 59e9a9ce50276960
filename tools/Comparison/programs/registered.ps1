param([string] $Situation, [switch] $Guard)
. "$PSScriptRoot/body.ps1"

Import-Module $env:GRACEFULEXIT_MODULE
Register-ExitHandler { Complete-Work } -Guard:$Guard
Invoke-Work $Situation
Write-GoesOn
