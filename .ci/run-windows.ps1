#Requires -Version 7.2
<#
.SYNOPSIS
    Tests a package of the module on Windows: the files that .ci/windows-tests names.
.DESCRIPTION
    Needs the .NET 10 SDK and a package source. On Linux, .ci/run runs the same tests under Wine.
.PARAMETER Package
    The package, as "dotnet build src/GracefulExit.Cmdlets --target:PackModule" makes it.
.EXAMPLE
    .ci/run-windows.ps1 -Package out/tested/GracefulExit.1.0.0.nupkg
#>
param([Parameter(Mandatory)] [string] $Package)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location "$PSScriptRoot/.."
$root = $PWD.Path

function Invoke-Dotnet {
    dotnet @args
    # Before 7.4 the preference above does nothing.
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args ended with status $LASTEXITCODE." }
}

Add-Type -AssemblyName System.IO.Compression.FileSystem
$module = "$root/out/package/GracefulExit"
Remove-Item -LiteralPath $module -Recurse -Force -ErrorAction Ignore
[System.IO.Compression.ZipFile]::ExtractToDirectory((Resolve-Path -Path $Package).ProviderPath, $module)

Invoke-Dotnet build tests/Harness --configuration Release
# Of the shell for Linux only what is the same everywhere.
Invoke-Dotnet build tests/Shell --target:MakePester
Invoke-Dotnet build tests/Windows --configuration Release

$env:GRACEFULEXIT_MODULE = $module
$files = Get-Content -LiteralPath "$root/.ci/windows-tests" | Where-Object { $_ -notlike '#*' } | ForEach-Object { "tests/Pester/$_.Tests.ps1" }
# 1 if a test has failed: its own line says which.
$PSNativeCommandUseErrorActionPreference = $false
& "$root/out/windows/pwsh/pwsh.exe" -NoProfile -NonInteractive -File tests/Pester/run.ps1 -Path ($files -join ',')
exit $LASTEXITCODE
