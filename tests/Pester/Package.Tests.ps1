# The package for the PowerShell Gallery, packed from what the build has left, twice, into directories of its own.
Describe 'The package' -Tag Package {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
        $manifest = Import-PowerShellDataFile -LiteralPath "$root/module/GracefulExit.psd1"

        function New-Package([string] $Directory, [string[]] $Property = @()) {
            $output = dotnet msbuild "$root/src/GracefulExit.Cmdlets" -nologo -verbosity:quiet -nodeReuse:false -target:PackModule -property:NoBuild=true -property:Configuration=Release "-property:PackageOutputPath=$Directory/" $Property
            if ($LASTEXITCODE -ne 0) { throw "The package could not be made: $output" }
            (Get-ChildItem -LiteralPath $Directory -Filter *.nupkg).FullName
        }

        function Get-FileIn([string] $Directory) {
            Get-ChildItem -LiteralPath $Directory -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($Directory, $_.FullName) }
        }

        $package = New-Package "$TestDrive/first"
        $installed = "$TestDrive/first/package/GracefulExit/$($manifest.ModuleVersion)"
        Expand-Archive -LiteralPath $package -DestinationPath "$TestDrive/unpacked"
        $metadata = ([xml] (Get-Content -LiteralPath "$TestDrive/unpacked/GracefulExit.nuspec" -Raw)).package.metadata
        $icon = "$root/$($manifest.PrivateData.PSData.IconUri -replace '.*/main/')"
        $files = @('GracefulExit.Cmdlets.dll', 'LICENSE') + @(Get-FileIn "$root/module") | Sort-Object
    }

    It 'has the same bytes for the same content' {
        (Get-FileHash -LiteralPath (New-Package "$TestDrive/second")).Hash | Should -Be (Get-FileHash -LiteralPath $package).Hash
    }

    It 'has the files of the module at its root and nothing else' {
        # But for what the package format wants.
        Get-FileIn "$TestDrive/unpacked" | Where-Object { $_ -notmatch '^(_rels|package)/|^(\[Content_Types\]\.xml|GracefulExit\.nuspec)$' } | Sort-Object | Should -Be $files
        Get-FileIn $installed | Sort-Object | Should -Be $files
    }

    It 'agrees with the manifest' {
        $metadata.id | Should -BeExactly 'GracefulExit'
        $metadata.version | Should -BeExactly $manifest.ModuleVersion
        $metadata.authors | Should -BeExactly $manifest.Author
        $metadata.description | Should -BeExactly $manifest.Description
        $metadata.copyright | Should -BeExactly $manifest.Copyright
        $metadata.licenseUrl | Should -BeExactly $manifest.PrivateData.PSData.LicenseUri
        $metadata.iconUrl | Should -BeExactly $manifest.PrivateData.PSData.IconUri
        $metadata.projectUrl | Should -BeExactly $manifest.PrivateData.PSData.ProjectUri
        $metadata.SelectSingleNode('*[local-name() = "dependencies"]') | Should -BeNullOrEmpty
    }

    It 'has an icon that is in the repository' {
        $icon | Should -Exist
    }

    It 'has the tags by which the Gallery finds it' {
        $tags = @($manifest.PrivateData.PSData.Tags) + 'PSModule', 'PSIncludes_Cmdlet' + @($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
        $tags | Should -Contain 'PSEdition_Core'
        -split $metadata.tags | Sort-Object | Should -Be ($tags | Sort-Object)
    }

    It 'has the newest entry of the changelog as its release notes' {
        $newest = "## $(([regex]::Split((Get-Content -LiteralPath "$root/CHANGELOG.md" -Raw), '(?m)^## '))[1].TrimEnd())"
        $metadata.releaseNotes.ReplaceLineEndings("`n") | Should -BeExactly $newest
        # And so has the manifest that is installed.
        (Import-PowerShellDataFile -LiteralPath "$installed/GracefulExit.psd1").PrivateData.PSData.ReleaseNotes.ReplaceLineEndings("`n") | Should -BeExactly $newest
    }

    It 'of a preview has the label in its version, and installs under the version without it' {
        $preview = New-Package "$TestDrive/preview" -Property '-property:Prerelease=preview1'
        Split-Path $preview -Leaf | Should -BeExactly "GracefulExit.$($manifest.ModuleVersion)-preview1.nupkg"
        "$TestDrive/preview/package/GracefulExit/$($manifest.ModuleVersion)/GracefulExit.psd1" | Should -Exist
    }

    It 'is found by its name and by the names of its commands when it is on the module path' {
        $run = Start-Script -NoModule -Environment @{ PSModulePath = "$TestDrive/first/package" } {
            # Not imported by name: found as the command is.
            Use-ExitHandler { 'body' } -OnExit { 'exit block' }
            Import-Module GracefulExit -ErrorAction Stop
            "$((Get-Module GracefulExit).ModuleBase)"
            (Get-Module GracefulExit).ExportedCommands.Keys | Sort-Object
            (Get-Help Use-ExitHandler).examples.example.Count -ge 4
            @(Get-Help about_GracefulExit).Count
        }
        $run | Assert-Run -Output (@('body', 'exit block', $installed) + @($manifest.CmdletsToExport | Sort-Object) + 'True', '1')
    }
}
