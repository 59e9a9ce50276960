# Writes the hashes of a directory's files to a list. The list is there when it is whole, and not before.
# Export-Hash.Tests.ps1 shows how to test that with Pester.
#
#     pwsh -File Export-Hash.ps1 -Path ./photos -Target photos.csv
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Target
)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../../out/GracefulExit" -ErrorAction Stop }

$partial = "$Target.partial"
Use-ExitHandler {
    Get-ChildItem -LiteralPath $Path -File | Get-FileHash | Export-Csv -LiteralPath $partial
    Move-Item -LiteralPath $partial -Destination $Target
} -OnExit {
    if (Test-Path -LiteralPath $partial) {
        Remove-Item -LiteralPath $partial
        "Removed the unfinished list, because of $($_.Signal ?? $_.Reason)"
    }
}
