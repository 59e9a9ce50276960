# The module as it is imported: what its manifest promises, no more and no less. Each look is taken in a fresh shell,
# since the shell that runs Pester may have anything loaded.

BeforeAll {
    $modulePath = $env:GRACEFULEXIT_MODULE ? $env:GRACEFULEXIT_MODULE : [IO.Path]::GetFullPath("$PSScriptRoot/../../out/GracefulExit")
    # An installed module has a directory for each version.
    $manifestPath = (Get-ChildItem -LiteralPath $modulePath -Filter GracefulExit.psd1 -Recurse | Select-Object -First 1).FullName

    function Invoke-FreshShell([scriptblock] $Script) {
        $output = & ([Environment]::ProcessPath) -NoProfile -NonInteractive -OutputFormat Text -Command "`$ProgressPreference = 'SilentlyContinue'; & { $Script } '$($manifestPath -replace "'", "''")' *>&1 | ConvertTo-Json -Depth 4 -Compress -AsArray"
        if ($LASTEXITCODE -ne 0) {
            throw "The shell ended with ${LASTEXITCODE}: $output"
        }

        , ($output | ConvertFrom-Json)
    }
}

Describe 'The module' -Tag 'Module' {
    BeforeAll {
        $manifest = Import-PowerShellDataFile -LiteralPath $manifestPath
    }

    It 'has a valid manifest' {
        $tested = Test-ModuleManifest -Path $manifestPath -ErrorAction Stop -WarningVariable warnings
        $tested.Name | Should -BeExactly 'GracefulExit'
        $warnings | Should -BeNullOrEmpty
    }

    It 'names every command: no wildcards, which would make every look for a command load it' {
        foreach ($kind in 'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $manifest.ContainsKey($kind) | Should -BeTrue -Because $kind
            $manifest[$kind] -match '\*' | Should -BeNullOrEmpty -Because $kind
        }
    }

    It 'imports silently' {
        Invoke-FreshShell { param($path) Import-Module $path -ErrorAction Stop -Verbose:$false } | Should -BeNullOrEmpty
    }

    It 'exports exactly the cmdlets of its manifest' {
        $exported = Invoke-FreshShell {
            param($path)
            Import-Module $path -ErrorAction Stop
            Get-Command -Module GracefulExit | ForEach-Object { "$($_.CommandType) $($_.Name)" }
        }
        $exported | Sort-Object | Should -BeExactly ($manifest.CmdletsToExport | Sort-Object | ForEach-Object { "Cmdlet $_" })
    }

    It 'adds no other command, alias or variable to the session' {
        $added = Invoke-FreshShell {
            param($path)
            function Get-Everything {
                Get-ChildItem Alias:, Function: | ForEach-Object { "$($_.CommandType) $($_.Name)" }
                Get-Variable -Scope Global | ForEach-Object { "Variable $($_.Name)" }
                Get-Command -CommandType Cmdlet -ListImported | ForEach-Object { "Cmdlet $($_.Name)" }
            }
            # Twice: the first look may itself load what it looks with.
            $before = $after = $null
            $null = Get-Everything
            $before = Get-Everything
            Import-Module $path -ErrorAction Stop
            $after = Get-Everything
            $after | Where-Object { $_ -notin $before }
        }
        $added | Sort-Object | Should -BeExactly ($manifest.CmdletsToExport | Sort-Object | ForEach-Object { "Cmdlet $_" })
    }

    It 'is gone after Remove-Module, and can be imported again' {
        $left = Invoke-FreshShell {
            param($path)
            Import-Module $path -ErrorAction Stop
            Remove-Module GracefulExit -ErrorAction Stop
            Get-Command -Module GracefulExit -ErrorAction Ignore | ForEach-Object Name
            Import-Module $path -ErrorAction Stop
            "$((Get-Module GracefulExit).Version)"
        }
        $left | Should -BeExactly $manifest.ModuleVersion
    }

    It 'has an assembly of the version of its manifest' {
        $assembly = Join-Path (Split-Path $manifestPath) $manifest.RootModule
        $version = [Diagnostics.FileVersionInfo]::GetVersionInfo($assembly)
        "$($version.ProductMajorPart).$($version.ProductMinorPart).$($version.ProductBuildPart)" | Should -BeExactly $manifest.ModuleVersion
    }
}
