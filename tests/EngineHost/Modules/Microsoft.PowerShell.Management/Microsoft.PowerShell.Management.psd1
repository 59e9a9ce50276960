@{
    # The cmdlets of this name that come with pwsh, as far as the test shell has stand-ins for them.
    ModuleVersion = '7.0.0.0'
    GUID = '3d0f2b1e-5a52-4f0e-9d0c-3c6f1b8f7a11'
    CompatiblePSEditions = @('Core')
    NestedModules = '../../EngineHost.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Add-Content'
        'Clear-Content'
        'Convert-Path'
        'Copy-Item'
        'Get-ChildItem'
        'Get-Content'
        'Get-Item'
        'Get-Location'
        'Get-PSDrive'
        'Get-Process'
        'Join-Path'
        'Move-Item'
        'New-Item'
        'New-TemporaryFile'
        'Pop-Location'
        'Push-Location'
        'Remove-Item'
        'Rename-Item'
        'Resolve-Path'
        'Set-Content'
        'Set-Item'
        'Set-Location'
        'Split-Path'
        'Start-Process'
        'Stop-Process'
        'Test-Path'
        'Wait-Process'
    )
}
