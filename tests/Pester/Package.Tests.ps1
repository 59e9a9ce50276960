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
        $platforms = 'linux-arm64', 'linux-x64', 'osx-arm64', 'win-x64'
        $images = $platforms | ForEach-Object { "runtimes/$_/GracefulExit.Core.dll" }
        $files = @('GracefulExit.Cmdlets.dll', 'GracefulExit.Core.dll', 'LICENSE') + $images + @(Get-FileIn "$root/module") | Sort-Object

        # Imports a module, names a type, runs a scope, and tells which of the module's assemblies the process has loaded.
        function Test-Load([string] $Directory) {
            $run = Start-Script -NoModule {
                param($directory)
                Import-Module $directory/GracefulExit.psd1 -ErrorAction Stop
                [GracefulExit.AfterSignal]::Exit
                Use-ExitHandler { 'body' } -OnExit { 'exit block' }
                [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -like 'GracefulExit.*' } | ForEach-Object { [IO.Path]::GetRelativePath($directory, $_.Location) }
            } -ArgumentList $Directory | Wait-Exit
            $run.Output | Select-Object -Skip 3 | Sort-Object
            $run | Assert-Run -OutputMatch '\AExit\n', '\Gbody\n', '\Gexit block\n', '\G.+\n', '\G.+\n\z'
        }
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

    It 'has images that are the same assembly as the one that is compiled as it runs' {
        function Get-ModuleVersionId([string] $Path) {
            $reader = [System.Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Path))
            try {
                $metadata = [System.Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($reader)
                $metadata.GetGuid($metadata.GetModuleDefinition().Mvid)
                $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size -gt 0
            }
            finally { $reader.Dispose() }
        }
        $id, $isCompiled = Get-ModuleVersionId "$installed/GracefulExit.Core.dll"
        $isCompiled | Should -BeFalse
        foreach ($image in $images) { Get-ModuleVersionId "$installed/$image" | Should -Be $id, $true -Because $image }
    }

    It 'loads the image for the platform and not the core beside it too' {
        Skip-Unless -Linux
        $image = 'runtimes/linux-{0}/GracefulExit.Core.dll' -f "$([System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        Test-Load $installed | Should -BeExactly 'GracefulExit.Cmdlets.dll', $image
    }

    It 'loads without an image where <_>' -ForEach 'there is none for the platform', 'the image is no assembly' {
        Skip-Unless -Linux
        $copy = "$TestDrive/$_"
        Copy-Item -LiteralPath $installed -Destination $copy -Recurse
        $own = 'linux-{0}' -f "$([System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        switch ($_) {
            'there is none for the platform' { Rename-Item -LiteralPath "$copy/runtimes/$own" -NewName linux-other }
            'the image is no assembly' { Set-Content -LiteralPath "$copy/runtimes/$own/GracefulExit.Core.dll" -Value 'MZ' }
        }
        Test-Load $copy | Should -BeExactly 'GracefulExit.Cmdlets.dll', 'GracefulExit.Core.dll'
    }

    # 334, nearly all .NET's and the engine's. With lists of structures in the core it was some 440: .NET compiles
    # what its own collections and queries do with a structure of another assembly as it runs.
    It 'leaves little to compile in a guard: fewer than 380 methods until the exit block begins' -Skip:([bool] $env:GRACEFULEXIT_PWSH) {
        Skip-Unless -Linux
        $run = Start-Script -NoModule -LeftoverLimit 20 -Environment @{ XDG_CACHE_HOME = "$TestDrive/cache" } {
            param($directory)
            Import-Module $directory/GracefulExit.psd1 -ErrorAction Stop
            $list = 'a value', 'another'
            Use-ExitHandler -Guard { Out-Line ready; Wait-Forever } -OnExit {
                $count = [System.Runtime.JitInfo]::GetCompiledMethodCount()
                Out-Line ($count -lt 380 ? "few, $list" : $count)
            }
        } -ArgumentList $installed
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, 'few, a value another' -Status SIGKILL
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
