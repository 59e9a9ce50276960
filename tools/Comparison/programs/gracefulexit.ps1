param([string] $Situation, [switch] $Guard)
. "$PSScriptRoot/body.ps1"

Import-Module $env:GRACEFULEXIT_MODULE
Use-ExitHandler { Invoke-Work $Situation } -OnExit { Complete-Work } -Guard:$Guard
Write-GoesOn
