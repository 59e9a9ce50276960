# A deployment of several steps. Each pushes what undoes it; whatever ends the script halfway, the steps taken are undone, last
# one first. At the end the undoing is given up and the deployment stays.
#
#     pwsh -File deploy.ps1 -Source ./build -Target /srv/shop
param([Parameter(Mandatory)] [string] $Source, [Parameter(Mandatory)] [string] $Target)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

$ErrorActionPreference = 'Stop'

# The check of the new release; yours goes here. It throws if the release is not fit.
function Test-Release($Path) {
    if (-not (Test-Path -LiteralPath $Path/index.html)) { throw "There is no index.html in $Path." }
    Start-Sleep -Seconds 2
}

Use-ExitHandler -AfterSignal Exit {
    # Push first, then make: a signal between the two finds somebody who removes it. Removing what is not there does no harm.
    $undoCopy = Add-ExitBlock -PassThru {
        if (Test-Path -LiteralPath "$Target.new") { Remove-Item -LiteralPath "$Target.new" -Recurse -Force }
        'Undone: the copy'
    }
    Copy-Item -LiteralPath $Source -Destination "$Target.new" -Recurse
    'Copied'

    Test-Release "$Target.new"
    'Checked'

    # Two renames that belong together: no signal comes between them.
    Use-ExitShield {
        if (Test-Path -LiteralPath $Target) { Rename-Item -LiteralPath $Target -NewName "$(Split-Path -Leaf $Target).old" }
        Rename-Item -LiteralPath "$Target.new" -NewName (Split-Path -Leaf $Target)
        $undoCopy | Remove-ExitBlock
    }
    if (Test-Path -LiteralPath "$Target.old") { Remove-Item -LiteralPath "$Target.old" -Recurse -Force }
    'Deployed'
}
