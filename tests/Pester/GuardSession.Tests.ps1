# Where an exit block runs outside the caller's thread, it finds the caller's session: what keeps that safe goes along, named
# by the exit block or not.
BeforeDiscovery {
    $places = @(
        @{ Where = 'rescue'; Status = 143 }
        @{ Where = 'guard'; Status = 'SIGKILL' }
    )
}

Describe 'The session of an exit block in a <Where>' -Tag Contract -ForEach $places {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"

        # In a guard the script has killed itself by then.
        function Stop-Body([Parameter(ValueFromPipeline)] $Run) {
            $null = $Run | Wait-Line ready
            if ($Where -eq 'rescue') { $Run | Send-Signal TERM } else { $Run }
        }
    }

    It 'has the preferences of the scope that it was written in' -Tag A8 {
        $run = Start-Script {
            . $using:guard
            $ErrorActionPreference = 'Stop'
            $OFS = '-'
            function work {
                $WhatIfPreference = $true
                $ConfirmPreference = 'None'
                $WarningPreference = 'SilentlyContinue'
                $option = Get-Option $using:Where
                Use-ExitHandler @option { Stop-Everything $using:Where } -OnExit {
                    foreach ($name in 'WhatIf', 'Confirm', 'Warning', 'ErrorAction') { "$name $((Get-Variable "$($name)Preference").Value)" }
                    "$(1, 2)"
                    Write-Error 'ends the block'
                    'not reached'
                }
            }
            work
        }
        $run | Stop-Body | Assert-Run -Output ready, 'WhatIf True', 'Confirm None', 'Warning SilentlyContinue', 'ErrorAction Stop', 1-2 -ErrorMatch 'ends the block' -Status $Status
    }

    It 'deletes nothing where the session would not' -Tag A8 {
        $run = Start-Script {
            . $using:guard
            $null = New-Item -ItemType Directory -Name data
            Out-Line kept -To data/file
            Out-Line kept -To other
            Set-Variable Data "$PWD/data" -Option Constant
            Set-Variable Other "$PWD/other" -Option ReadOnly
            $option = Get-Option $using:Where
            $PSDefaultParameterValues['Remove-Item:WhatIf'] = $true
            Use-ExitHandler @option { Stop-Everything $using:Where } -OnExit {
                # Without its variable this names nothing that exists.
                Remove-Item "$Data/file"
                "$Data" -eq "$PWD/data"
                foreach ($name in 'Data', 'Other') { (Get-Variable $name).Options }
                try { $Data = '' } catch { 'constant' }
                try { $Other = '' } catch { 'read-only' }
            }
        }
        $run | Stop-Body | Assert-Run -OutputMatch '^ready$', '^What if: ', '^True$', '^Constant$', '^ReadOnly$', '^constant$', '^read-only$' -File @{ 'data/file' = 'kept'; other = 'kept' } -Status $Status
    }

    It 'has its strict mode, its aliases, the $PID of its owner and the same location, even if that directory was removed' -Tag A8, E1, B6 {
        $run = Start-Script {
            . $using:guard
            Set-StrictMode -Version 2
            function Add-Number { begin { $sum = 0 } process { $sum += $_ } end { "sum $sum" } }
            Set-Alias total Add-Number
            Set-Alias count Measure-Object
            $value = 3
            $owner = "job-$PID"
            $null = New-Item -ItemType Directory -Path '[gone] `x'
            Out-Line kept -To file
            Set-Location -LiteralPath '[gone] `x'
            $option = Get-Option $using:Where
            Use-ExitHandler @option { [System.IO.Directory]::Delete("$env:TEST_TEMP/[gone] ``x"); Stop-Everything $using:Where } -OnExit {
                try { "/$undefined" } catch { 'refused' }
                # As aliases, which take pipeline input.
                1, 2, $value | total
                (1, 2 | count).Count
                "owner $("job-$PID" -eq $owner)"
                "location $("$PWD" -eq "$env:TEST_TEMP/[gone] ``x")"
                Get-ChildItem -Name -ErrorAction Ignore
                'done'
            }
        }
        $run | Stop-Body | Assert-Run -Output ready, refused, 'sum 6', 2, 'owner True', 'location True', done -File @{ file = 'kept' } -Status $Status
    }

    It 'has the $this of its method' -Tag E1 {
        $run = Start-Script {
            . $using:guard
            class Job {
                [string] $Name = 'nightly'
                [void] Run([hashtable] $option, [string] $place) {
                    Use-ExitHandler @option { Stop-Everything $place } -OnExit { Out-Line "job $($this.Name)" }
                }
            }
            $option = (Get-Option $using:Where) + @{ WarningAction = 'SilentlyContinue' }
            [Job]::new().Run($option, $using:Where)
        }
        $run | Stop-Body | Assert-Run -Output ready, 'job nightly' -Status $Status
    }

    It 'is constrained if the session is, except for functions that it trusts' -Tag A9 {
        $run = Start-Script {
            . $using:guard
            function Get-Trusted { [System.IO.Path]::Combine('a', 'b') }
            $option = Get-Option $using:Where
            Use-ExitHandler { }
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            $code = { [System.IO.Path]::GetTempPath() }
            Use-ExitHandler @option { Stop-Everything $using:Where } -OnExit {
                $ExecutionContext.SessionState.LanguageMode
                Get-Trusted
                try { [System.IO.Path]::GetTempPath() } catch { 'refused' }
                try { & $code } catch { 'refused' }
            }
        }
        $run | Stop-Body | Assert-Run -Output ready, ConstrainedLanguage, a/b, refused, refused -Status $Status
    }
}
