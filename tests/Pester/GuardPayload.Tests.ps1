# What a guard is handed: data stays data, names stay names, and a scope begins whatever its values are.
Describe 'What a guard receives' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"
    }

    It 'creates no type that a value names; is a tree whose nodes still refer to each other; includes modules by their manifests' -Tag B1, B2, B8 {
        $run = Start-Script {
            . $using:guard
            Out-Line kept -To victim
            $read = @{
                PSTypeName = 'GracefulExit.Guard.Note'
                Kind = 'List'
                Type = [System.IO.StreamWriter].AssemblyQualifiedName
                Value = "$PWD/victim"
            } | ConvertTo-Json | ConvertFrom-Json -AsHashtable
            $object = [pscustomobject] $read
            $code = [pscustomobject] @{ PSTypeName = 'GracefulExit.Guard.Note'; Kind = 'ScriptBlock'; Type = 'x'; Value = 'throw' }

            $root = @{ Name = 'root' }
            $root.Children = foreach ($i in 1..40) { @{ Number = $i; Parent = $root } }
            foreach ($child in $root.Children) { $child.Brothers = $root.Children }

            $null = New-Item -ItemType Directory -Path 'modules/Outer', 'modules/Outer/Inner'
            Set-Content modules/Outer/Outer.psm1 'function Get-Outer { "outer $(Get-Inner)" }'
            Set-Content modules/Outer/Inner/Inner.psm1 'function Get-Inner { "inner" }'
            New-ModuleManifest modules/Outer/Outer.psd1 -RootModule Outer.psm1 -NestedModules Inner/Inner.psm1 -FunctionsToExport Get-Outer, Get-Inner
            Import-Module ./modules/Outer

            Use-ExitHandler -Guard { 'begun'; Stop-Owner } -OnExit {
                $object.Value -eq "$PWD/victim"
                $object.GetType().Name
                $code.Value.GetType().Name
            }, {
                $root.Children.Count
                [object]::ReferenceEquals($root.Children[39].Parent, $root)
                [object]::ReferenceEquals($root.Children[0].Brothers[39], $root.Children[39])
            }, { Get-Outer; Get-Inner }
        }
        $run | Assert-Run -File @{ victim = 'kept' } -Status SIGKILL -Output @(
            'begun'
            'True', 'PSCustomObject', 'String'
            '40', 'True', 'True'
            'outer inner', 'inner'
        )
    }

    It 'leaves out a value that is too big, with a warning, and the body begins' -Tag B2 {
        $run = Start-Script {
            . $using:guard
            $big = [object[]]::new(250000)
            for ($i = 0; $i -lt $big.Length; $i++) { $big[$i] = [object[]]::new(1) }
            $small = 1
            Use-ExitHandler -Guard { 'begun'; Stop-Owner } -OnExit { "$($null -eq $big) $small" } 3>&1
        }
        $run | Assert-Run -OutputMatch '\$big .*200,000 objects', begun, 'True 1' -Status SIGKILL
    }

    It 'can include a collection that another thread is filling' -Tag B3 {
        $run = Start-Script {
            . $using:guard
            $list = [System.Collections.Generic.List[object]]::new()
            $table = @{ first = 1 }
            $set = [System.Collections.Generic.HashSet[object]]::new()
            $filler = [powershell]::Create().AddScript({
                param($list, $table, $set)
                for ($i = 0; $i -lt 1000000; $i++) { $list.Add($i); $table[$i] = $i; $null = $set.Add($i) }
            }).AddArgument($list).AddArgument($table).AddArgument($set)
            $null = $filler.BeginInvoke()
            while ($list.Count -lt 1000) { }
            Use-ExitHandler -Guard -WarningAction SilentlyContinue { 'begun'; Stop-Owner } -OnExit { $list.Count -ge 1000 -and $list[999] -eq 999 -and $table.first; $set.Count -ge 0 }
        }
        $run | Assert-Run -Output begun, True, True -Status SIGKILL
    }

    It 'can include names with every quote that PowerShell knows' -Tag B4 {
        $run = Start-Script -NoModule {
            . $using:guard
            $quotes = '’’ ‘‘ ‚‚ ‛‛ “ ” „ ` '' " $(Out-Line ran -To ran) ; & #'
            $copy = "$env:TEST_TEMP/O$quotes"
            [System.IO.Directory]::CreateDirectory($copy).FullName | Out-Null
            foreach ($file in [System.IO.Directory]::GetFiles((Get-ChildItem $env:GRACEFULEXIT_MODULE -Recurse -Filter GracefulExit.psd1).DirectoryName)) {
                [System.IO.File]::Copy($file, [System.IO.Path]::Combine($copy, [System.IO.Path]::GetFileName($file)))
            }
            Import-Module ([System.IO.Path]::Combine($copy, 'GracefulExit.psd1').Replace('`', '``'))
            Set-Item -LiteralPath "function:$quotes" { "function $args" }
            Set-Alias -Name "a $quotes" -Value $quotes
            $value = $quotes
            Use-ExitHandler -Guard { 'begun'; Stop-Owner } -OnExit {
                & '’’ ‘‘ ‚‚ ‛‛ “ ” „ ` '' " $(Out-Line ran -To ran) ; & #' 1
                & 'a ’’ ‘‘ ‚‚ ‛‛ “ ” „ ` '' " $(Out-Line ran -To ran) ; & #' 2
                $value.Length -eq 49
            }
        }
        $run | Assert-Run -Output begun, 'function 1', 'function 2', True -File @{ ran = @() } -Status SIGKILL
    }

    It 'leads to a log with one line for each failure, which only the user can read' -Tag E1 {
        $run = Start-Script {
            . $using:guard
            $env:GRACEFULEXIT_GUARD_LOG = "$PWD/guard.log"
            Set-Content guard.log -Value before
            chmod 0644 guard.log
            Use-ExitHandler -Guard { 'begun'; Stop-Owner } -OnExit {
                Write-Error "one`ntwo"
                Out-Line "$((Get-Content guard.log).Count)" -To lines
            }, {
                "$((Get-Content guard.log).Count) lines, $((Get-Item guard.log).UnixMode)"
                @(Get-Content guard.log)[1] -match 'one\\ntwo'
            }
        }
        $run | Assert-Run -Output begun, '2 lines, -rw-------', True -ErrorMatch one, two -Status SIGKILL
    }

    It 'refuses a program that is not pwsh, before the body begins' -Tag B9 {
        Skip-Unless -Linux
        # The tests' own driver hosts no shell; any entry assembly but pwsh.dll is refused, which an environment can't change.
        $run = Start-Script {
            $type = [GracefulExit.ExitContext].Assembly.GetType('GracefulExit.Guard.GuardCommandLine')
            $check = $type.GetMethod('CheckHost')
            $check.Invoke($null, @())
            [System.AppDomain]::CurrentDomain.FriendlyName
            [System.Reflection.Assembly]::SetEntryAssembly([psobject].Assembly)
            try { Use-ExitHandler -Guard { 'body' } -OnExit { 'exit block' } } catch { $_.FullyQualifiedErrorId; $_.Exception.Message -match 'this program is System.Management.Automation' }
        }
        $run | Assert-Run -Output pwsh, 'GuardFailed,GracefulExit.Commands.UseExitHandlerCommand', True -Status 0
    }
}
