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

        It 'tells the time that is left: <Name>' -Tag D7 -ForEach @(
            @{
                Name = 'an exit block with a limit'
                Script = { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Wait-Go } -ExitTimeoutSeconds 30 }
                Notice = 'exit block 1 of 1, for up to (30|29) s\. The third Ctrl\+C abandons it\.$'
            }
            @{
                Name = 'an exit block that Ctrl+C does not end'
                Script = { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Wait-Go } -ExitTimeoutSeconds 30 -Signal TERM }
                Notice = 'exit block 1 of 1, for up to (30|29) s\.$'
            }
            @{
                Name = 'a grace period'
                Script = { Use-ExitHandler { 'ready'; Wait-Go } -GracePeriodSeconds 30 }
                Notice = 'the script block to end by itself \(grace period\), for up to (30|29) s\.$'
            }
            @{
                Name = 'a stop'
                Script = { Use-ExitHandler { try { 'ready'; Wait-Forever } finally { Wait-Go } } -StopTimeoutSeconds 30 }
                Notice = 'the script block to stop, for up to (30|29) s\.$'
            }
            @{
                Name = 'a shielded part'
                Script = { Use-ExitHandler { Use-ExitShield { 'ready'; Wait-Go } -TimeoutSeconds 30 } }
                Notice = 'the end of Use-ExitShield, for up to (30|29) s\.$'
            }
        ) {
            $run = Start-Script -Terminal {
                function Wait-Go { while (-not (Test-Path $using:go)) { Start-Sleep -Milliseconds 20 } }
                . $using:Script
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM | Wait-Text -Match "GracefulExit waits for $Notice"
            $null = New-Item $go
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

        It 'tells nothing if $ProgressPreference is <_>' -Tag D7 -ForEach SilentlyContinue, Ignore {
            $run = Start-Script -Terminal {
                $ProgressPreference = $using:_
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Start-Sleep 2; Out-Line 'exit block' }
            }
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -OutputMatch '\A(?![\s\S]*waits for)', '^ready$', 'exit block$'
        }
    }

    It 'tells nothing where standard error is no terminal' -Tag D7 {
        $run = Start-Script { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Start-Sleep 2; 'exit block' } }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block'
    }

    It 'Get-ExitHandler tells the same, in any runspace: <Phase>' -Tag D7 -ForEach @(
        @{ Phase = 'body'; Told = '' }
        @{ Phase = 'drain'; Told = 'the script block to end by itself \(grace period\), for up to (30|29) s' }
        @{ Phase = 'exit'; Told = 'exit block 1 of 2, for up to (20|19) s' }
    ) {
        $run = Start-Script {
            function Show-Wait($When) {
                if ($When -eq $using:Phase) {
                    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                    "waits for: $($shell.AddScript('param($module) Import-Module $module; (Get-ExitHandler).WaitingFor').AddArgument($env:GRACEFULEXIT_MODULE).Invoke())"
                }
            }
            Use-ExitHandler { Show-Wait body; Send-ExitRequest -Signal TERM; Show-Wait drain } -OnExit { Show-Wait exit }, { } -GracePeriodSeconds 30 -ExitTimeoutSeconds 20
        }
        $run | Assert-Run -OutputMatch "\Awaits for: $Told\n\z"
    }
}
