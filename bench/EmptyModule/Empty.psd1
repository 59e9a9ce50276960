# A manifest like that of GracefulExit, over an assembly with one cmdlet that does nothing.
@{
    RootModule           = 'Empty.dll'
    ModuleVersion        = '1.0.0'
    GUID                 = '5c1f0b0e-6a0c-4c7e-9a3e-0d4a5c0b7f11'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @('Get-Nothing')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
