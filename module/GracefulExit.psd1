@{
    # On import it loads GracefulExit.Core.dll, or the compiled image of that for the platform.
    RootModule           = 'GracefulExit.Cmdlets.dll'
    # The one place of the version: the build reads it from here.
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0c2d8e-6f53-4a7e-9c0b-3f1d7a2b8e41'
    Author               = 'GracefulExit contributors'
    CompanyName          = 'GracefulExit contributors'
    Copyright            = '(c) GracefulExit contributors. MIT licence.'
    Description          = 'Runs a script block and then its clean-up, exactly once, however the script block ends: normally, with an error or exit, by SIGTERM, SIGINT, SIGHUP or Ctrl+C, with a closed terminal, a stopped job or the end of the process.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    CmdletsToExport      = @('Use-ExitHandler', 'Register-ExitHandler', 'Unregister-ExitHandler', 'Get-ExitHandler', 'Wait-ExitRequest', 'Add-ExitBlock', 'Remove-ExitBlock', 'Send-ExitRequest', 'Use-ExitShield')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('signal', 'SIGTERM', 'SIGINT', 'SIGHUP', 'CtrlC', 'cleanup', 'exit', 'shutdown', 'graceful', 'trap', 'finally', 'service', 'daemon', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/gracefulexit/GracefulExit'
            IconUri      = 'https://raw.githubusercontent.com/gracefulexit/GracefulExit/main/docs/icon.png'
            # Such as preview1; empty for a release.
            Prerelease   = ''
            # The build puts the newest entry of CHANGELOG.md here.
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
