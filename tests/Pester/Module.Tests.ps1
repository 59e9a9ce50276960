# The module as it is imported: what its manifest promises, no more and no less. Each look is taken in a fresh shell,
# since the shell that runs Pester may have anything loaded.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Harness/Harness.psm1"
    # An installed module has a directory for each version.
    $manifestPath = (Get-ChildItem -LiteralPath (Get-ModulePath) -Filter GracefulExit.psd1 -Recurse | Select-Object -First 1).FullName
    $manifest = Import-PowerShellDataFile -LiteralPath $manifestPath
}

Describe 'The module' -Tag Module -ForEach @{ ManifestPath = $manifestPath; Manifest = $manifest } {
    . $PSScriptRoot/Harness/Use.ps1

    It 'has a valid manifest' {
        $tested = Test-ModuleManifest -Path $ManifestPath -ErrorAction Stop -WarningVariable warnings
        $tested.Name | Should -BeExactly 'GracefulExit'
        $warnings | Should -BeNullOrEmpty
    }

    It 'names every command: with wildcards, every search for a command would load it' {
        foreach ($kind in 'CmdletsToExport', 'FunctionsToExport', 'AliasesToExport', 'VariablesToExport') {
            $Manifest.ContainsKey($kind) | Should -BeTrue -Because $kind
            $Manifest[$kind] -match '\*' | Should -BeNullOrEmpty -Because $kind
        }
    }

    It 'imports silently, and adds exactly the cmdlets of its manifest to the session: no other command, alias or variable' {
        $run = Start-Script -NoModule {
            function Get-Everything {
                Get-ChildItem Alias:, Function: | ForEach-Object { "$($_.CommandType) $($_.Name)" }
                Get-Variable -Scope Global | ForEach-Object { "Variable $($_.Name)" }
                Get-Command -CommandType Cmdlet -ListImported | ForEach-Object { "Cmdlet $($_.Name)" }
            }
            # Twice: the first look may itself load what it looks with.
            $before = $after = $null
            $null = Get-Everything
            $before = Get-Everything
            Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop
            $after = Get-Everything
            'added:'
            $after | Where-Object { $_ -notin $before } | Sort-Object
            'of the module:'
            Get-Command -Module GracefulExit | ForEach-Object { "$($_.CommandType) $($_.Name)" } | Sort-Object
        }
        $cmdlets = @($Manifest.CmdletsToExport | ForEach-Object { "Cmdlet $_" } | Sort-Object)
        $run | Assert-Run -Output (@('added:') + $cmdlets + 'of the module:' + $cmdlets)
    }

    It 'is gone after Remove-Module, and can be imported again' {
        $run = Start-Script {
            Remove-Module GracefulExit -ErrorAction Stop
            Get-Command -Module GracefulExit -ErrorAction Ignore | ForEach-Object Name
            Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop
            "$((Get-Module GracefulExit).Version)"
        }
        $run | Assert-Run -Output $Manifest.ModuleVersion
    }

    It 'has assemblies of the version of its manifest' {
        $assemblies = @(Get-ChildItem -LiteralPath (Split-Path $ManifestPath) -Filter *.dll -Recurse)
        $assemblies.Name | Select-Object -Unique | Sort-Object | Should -Be 'GracefulExit.Cmdlets.dll', 'GracefulExit.Core.dll'
        foreach ($assembly in $assemblies) {
            $version = [Diagnostics.FileVersionInfo]::GetVersionInfo($assembly.FullName)
            "$($version.ProductMajorPart).$($version.ProductMinorPart).$($version.ProductBuildPart)" | Should -BeExactly $Manifest.ModuleVersion -Because $assembly.FullName
        }
    }
}

Describe 'The Tab key' -Tag Module {
    . $PSScriptRoot/Harness/Use.ps1

    It 'offers what is allowed' {
        $run = Start-Script -TimeLimit 60 {
            $lines = @(
                'Use-ExitHandler { } -Signal SIGT'
                'Use-ExitHandler { } -Signal te'
                'Use-ExitHandler { } -Signal TERM, usr'
                'Use-ExitHandler { } -Signal KILL'
                'Use-ExitHandler { } -AfterSignal '
                'Use-ExitHandler { } -AfterSignal R'
                'Use-ExitHandler { } -Grace'
                'Wait-ExitRequest -T'
            )
            foreach ($line in $lines) {
                $own = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText -join ' '
                $function = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText -join ' '
                $own -eq $function ? $own : "$own is not $function"
            }
        }
        $run | Assert-Run -Output 'SIGTERM', 'SIGTERM', 'SIGUSR1 SIGUSR2', '', 'Continue Exit Raise Stop', 'Raise', '-GracePeriodSeconds', '-TimeoutSeconds'
    }

    It 'shows each signal''s number and sender' {
        $run = Start-Script {
            (TabExpansion2 'Use-ExitHandler { } -Signal ' 28).CompletionMatches | ForEach-Object { "$($_.CompletionText) $($_.ListItemText): $($_.ToolTip)" }
        } | Wait-Exit
        $run.Output.Count | Should -BeGreaterThan 5
        $numbers = foreach ($line in $run.Output) {
            $line | Should -MatchExactly '^(SIG\w+) \1: \d+: \w.+'
            $name, $number = ($line -split '[ :]+')[0, 2]
            [int] $number | Should -Be ([GracefulExit.Tests.Harness.Signals]::Number($name)) -Because $name
            $number
        }
        $numbers | Select-Object -Unique | Should -HaveCount $numbers.Count
        $run | Assert-Run -OutputMatch '^SIGTERM SIGTERM: 15: '
    }
}

Describe 'What the formats show' -Tag Module {
    . $PSScriptRoot/Harness/Use.ps1

    It 'scopes and handlers are a table that fits into 80 and 100 columns' {
        $run = Start-Script {
            Register-ExitHandler { } -Signal TERM
            foreach ($width in 80, 100) {
                $lines = Use-ExitHandler { Use-ExitHandler { Get-ExitHandler | Out-String -Stream -Width $width } -Append -Signal TERM, USR1, USR2, QUIT } | Where-Object { $_ }
                $lines
                "$width columns are enough: $(($lines | Measure-Object Length -Maximum).Maximum -le $width)"
            }
        }
        $run | Assert-Run -OutputMatch @(
            foreach ($width in 80, 100) {
                $inner, $outer = $width -eq 80 ? (3, 2) : (5, 4)
                '\G *Id Kind +State +Signal +Runspace StartedAt +StartedFrom *\n.*\n'
                "\G +$inner Scope 2 +Body +TERM, USR1, +1 \d\d-\d\d \d\d:\d\d:\d\d script\.ps1:4 *\n"
                '\G +USR2, QUIT *\n'
                "\G +$outer Scope +Body +TERM, INT, HUP +1 \d\d-\d\d \d\d:\d\d:\d\d script\.ps1:4 *\n"
                '\G +1 Registered +Waiting +TERM +1 \d\d-\d\d \d\d:\d\d:\d\d script\.ps1:2 *\n'
                "\G$width columns are enough: True\n"
            }
            '\G\z'
        )
    }

    It 'an exit context is a list that fits into 80 and 100 columns' {
        $run = Start-Script {
            try { Use-ExitHandler { throw 'no space left' } -ExitVariable why } catch { }
            foreach ($width in 80, 100) {
                $lines = $why | Out-String -Stream -Width $width | Where-Object { $_ }
                $lines
                "$width columns are enough: $(($lines | Measure-Object Length -Maximum).Maximum -le $width)"
            }
        }
        $run | Assert-Run -OutputMatch @(
            foreach ($width in 80, 100) {
                '\GReason +: Error *\n', '\GSignal .*\n', '\GExitCode .*\n', '\GErrorRecord +: no space left *\n'
                '\GStartedAt .*\n', '\GRequestedAt .*\n', '\GIsRescue .*\n'
                "\G$width columns are enough: True\n"
            }
            '\G\z'
        )
    }
}
