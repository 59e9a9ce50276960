#!/usr/bin/env pwsh
#Requires -Version 7.6
<#
.SYNOPSIS
    Builds, tests and cleans GracefulExit. A thin layer over dotnet: each task is the dotnet command that it prints.
.PARAMETER Task
    Build: the module, importable from out/GracefulExit.
    Test: all tests, in the PowerShell that tests/Shell gets from the package registry.
    Package: out/GracefulExit.<version>.nupkg, and the same unpacked in out/package.
    Clean: removes out/.
.PARAMETER Configuration
    Release (default) or Debug.
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Invoke-Dotnet {
    Write-Host "dotnet $args" -ForegroundColor Cyan
    dotnet @args
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' { Invoke-Dotnet build src/GracefulExit.Cmdlets --configuration $Configuration }
        'Test' { Invoke-Dotnet test tests }
        'Package' { Invoke-Dotnet build src/GracefulExit.Cmdlets --configuration $Configuration --target:PackModule }
        'Clean' { Remove-Item out -Recurse -Force -ErrorAction Ignore }
    }
}
finally {
    Pop-Location
}
