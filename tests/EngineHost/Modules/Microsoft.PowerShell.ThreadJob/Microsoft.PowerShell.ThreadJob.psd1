@{
    # The cmdlets of this name that come with pwsh, as far as the test shell has stand-ins for them.
    ModuleVersion = '7.0.0.0'
    GUID = 'b5a0e6d7-91fd-4e8e-8a53-0d3a0f7fca13'
    CompatiblePSEditions = @('Core')
    NestedModules = '../../EngineHost.dll'
    FunctionsToExport = @()
    AliasesToExport = @()
    CmdletsToExport = @(
        'Start-ThreadJob'
    )
}
