# What a user sees of an end that takes its time: at a terminal, and by Get-ExitHandler.
Describe 'An end that takes longer than a second' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    # The scripts wait for this file, which the test makes once it has seen the notice.
    BeforeEach { $go = Join-Path $TestDrive "go-$(New-Guid)" }

    Context 'at a terminal' {
        It 'tells of a running exit block once, and of the third Ctrl+C' -Tag D7 {
            $run = Start-Script -Terminal {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit {
                    while (-not (Test-Path $using:go)) { Start-Sleep -Milliseconds 20 }
                    Start-Sleep 1.5 # a second notice would come now
                    Out-Line 'first exit block'
                }, { Out-Line 'second exit block' }
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-CtrlC | Wait-Text 'GracefulExit waits for exit block 1 of 2. The third Ctrl+C abandons it.'
            $null = New-Item $go
            $run | Assert-Run -OutputMatch '\A(?!(?:[\s\S]*waits for){2})', '^ready$', 'abandons it\.$', '^first exit block$', '^second exit block$', '^caller goes on$'
        }

        It 'tells the time that is left, of whatever it waits for' -Tag D7 {
            $run = Start-Script -Terminal {
                function Wait-Go($Name) { while (-not (Test-Path "$using:go-$Name")) { Start-Sleep -Milliseconds 20 } }
                Use-ExitHandler { 'ready 1'; Wait-Forever } -OnExit { Wait-Go 1 } -ExitTimeoutSeconds 30
                # One that Ctrl+C does not end.
                Use-ExitHandler { 'ready 2'; Wait-Forever } -OnExit { Wait-Go 2 } -ExitTimeoutSeconds 30 -Signal TERM
                Use-ExitHandler { 'ready 3'; Wait-Go 3 } -GracePeriodSeconds 30
                Use-ExitHandler { try { 'ready 4'; Wait-Forever } finally { Wait-Go 4 } } -StopTimeoutSeconds 30
                Use-ExitHandler { Use-ExitShield { 'ready 5'; Wait-Go 5 } -TimeoutSeconds 30 }
                'caller goes on'
            }
            $told = @(
                'exit block 1 of 1, for up to (30|29) s\. The third Ctrl\+C abandons it\.$'
                'exit block 1 of 1, for up to (30|29) s\.$'
                'the script block to end by itself \(grace period\), for up to (30|29) s\.$'
                'the script block to stop, for up to (30|29) s\.$'
                'the end of Use-ExitShield, for up to (30|29) s\.$'
            )
            foreach ($number in 1..5) {
                $run | Wait-Line "ready $number" | Send-Signal TERM | Wait-Text -Match "GracefulExit waits for $($told[$number - 1])"
                $null = New-Item "$go-$number"
            }
            $run | Assert-Run -OutputMatch '^caller goes on$'
        }

        It 'tells of a registered handler' -Tag D7, F3 {
            $run = Start-Script -Terminal {
                $go = $using:go
                Register-ExitHandler { while (-not (Test-Path $go)) { Start-Sleep -Milliseconds 20 } } -ExitTimeoutSeconds 30
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal TERM | Wait-Text -Match 'GracefulExit waits for exit block 1 of 1, for up to (30|29) s\.'
            $null = New-Item $go
            $run | Assert-Run -OutputMatch '^ready$' -Status 143
        }

        It 'tells nothing if $ProgressPreference is SilentlyContinue or Ignore' -Tag D7 {
            $run = Start-Script -Terminal {
                foreach ($ProgressPreference in 'SilentlyContinue', 'Ignore') {
                    Use-ExitHandler { "ready $ProgressPreference"; Wait-Forever } -OnExit { Start-Sleep 2; Out-Line "exit block $ProgressPreference" }
                }
            }
            $run | Wait-Line 'ready SilentlyContinue' | Send-CtrlC | Wait-Line 'ready Ignore' | Send-CtrlC
            $run | Assert-Run -OutputMatch '\A(?![\s\S]*waits for)', 'exit block SilentlyContinue$', 'exit block Ignore$'
        }
    }

    It 'tells nothing where standard error is no terminal' -Tag D7 {
        $run = Start-Script { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Start-Sleep 2; 'exit block' } }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block'
    }

    It 'Get-ExitHandler tells the same, in any runspace' -Tag D7 {
        $run = Start-Script {
            function Show-Wait($When) {
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                "$When waits for: $($shell.AddScript('param($module) Import-Module $module; (Get-ExitHandler).WaitingFor').AddArgument($env:GRACEFULEXIT_MODULE).Invoke())"
            }
            Use-ExitHandler { Show-Wait body; Send-ExitRequest -Signal TERM; Show-Wait drain } -OnExit { Show-Wait exit }, { } -GracePeriodSeconds 30 -ExitTimeoutSeconds 20
        }
        $run | Assert-Run -OutputMatch @(
            '\Abody waits for: \n'
            '\Gdrain waits for: the script block to end by itself \(grace period\), for up to (30|29) s\n'
            '\Gexit waits for: exit block 1 of 2, for up to (20|19) s\n\z'
        )
    }
}
