param([string] $Situation)
. "$PSScriptRoot/body.ps1"

function Start-Work([string] $Situation) {
    end { Invoke-Work $Situation }
    clean { Complete-Work }
}

Start-Work $Situation
Write-GoesOn
