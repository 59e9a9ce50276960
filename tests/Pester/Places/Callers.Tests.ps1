# Programs that start a command once: cron, timeout, make.
Describe 'A job of cron' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $cron = 'sh', "$PSScriptRoot/start/cron.sh", (Get-ShellPath)
    }

    It 'SIGTERM to the job: the exit block runs' -Tag A2 {
        Skip-Unless -Linux -Root -Program cron
        $run = Start-Script -Shell $cron {
            Use-ExitHandler -AfterSignal Exit { "ready: $PID"; Wait-Forever } -OnExit { "exit block: $($_.Signal)"; 'exit block ends' }
        }
        $null = $run | Wait-Text -Match '^ready: (\d+)$'
        $run | Send-Signal TERM -Id $run.Found[1] | Wait-Line 'exit block ends' | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\Aready: \d+\nexit block: SIGTERM\nexit block ends\n\z' -Status SIGTERM
    }

    It 'cron itself is stopped: the job goes on to its end' -Tag A1 {
        Skip-Unless -Linux -Root -Program cron
        $run = Start-Script -Shell $cron {
            Use-ExitHandler { 'ready'; while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 } } -OnExit { "exit block: $($_.Reason)" }
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Exit
        $null = New-Item -Path "$($run.Directory)/go"
        $run | Assert-Run -Output ready, 'exit block: Completed' -Status SIGTERM
    }

    It 'SIGKILL to the job: the guard runs the exit block' -Tag E1 {
        Skip-Unless -Linux -Root -Program cron
        $run = Start-Script -Shell $cron {
            . $using:guard
            Use-ExitHandler -Guard { 'ready'; Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Wait-Line 'exit block: Killed' | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: Killed' -Status SIGTERM
    }

    It 'examples/cron-lock.ps1: while the job runs, another one is refused; once it is killed, it is not' -Tag A2 {
        Skip-Unless -Linux -Root -Program cron
        $run = Start-Script -Path "$PSScriptRoot/../../../examples/cron-lock.ps1" -Shell $cron -ArgumentList ./lock
        $null = $run | Wait-Text -Match '^Working as process (\d+)$'
        # With the environment and in the directory of the first.
        $second = Start-Program "$($run.Directory)/run"
        $second | Assert-Run -OutputMatch '\AAnother one is running' -Status 75

        $run | Send-Signal KILL -Id $run.Found[1]
        $third = Start-Program "$($run.Directory)/run"
        $third | Wait-Text -Match '^Working as process \d+$' | Send-Signal TERM
        $third | Assert-Run -OutputMatch '\AWorking as process \d+\nCleaned up after SIGTERM\n\z' -Status 143
        $run | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\AWorking as process \d+\n\z' -Status SIGTERM
    }
}

Describe 'By timeout' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $script = {
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" } -AfterSignal Exit
        }
    }

    It 'the time is up, <Option>: the exit block runs, and timeout says 124' -Tag A2 -ForEach @(
        @{ Option = 'to the process group'; Options = @() }
        @{ Option = '--foreground'; Options = , '--foreground' }
    ) {
        Skip-Unless -Linux -Program timeout
        # On a busy machine the script may not have begun in this time: then it is tried with more.
        foreach ($seconds in 2, 6, 20) {
            $run = Start-Script -Shell (@('timeout') + $Options + $seconds + (Get-ShellPath)) $script
            $run | Wait-Exit
            if ('ready' -in $run.Output) { break }
            # The time was up before the scope had begun, or just as it did.
            $run | Assert-Run -Output @($run.Output ? 'exit block: SIGTERM' : @()) -Status 124
        }
        $run | Assert-Run -Output ready, 'exit block: SIGTERM' -Status 124
    }

    # SIGTERM is what it sends when the time is up.
    It 'SIG<_> to timeout, which hands it on: the exit block runs once' -Tag A2 -ForEach INT, HUP {
        Skip-Unless -Linux -Program timeout
        $status = 128 + @{ INT = 2; HUP = 1 }[$_]
        $run = Start-Script -Shell timeout, 60, (Get-ShellPath) $script
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output ready, "exit block: SIG$_" -Status $status
    }

    It 'three signals to timeout --foreground at once, of which each is handed on: the exit block is not given up' -Tag C7 {
        Skip-Unless -Linux -Program timeout
        $run = Start-Script -Shell timeout, '--foreground', 60, (Get-ShellPath) {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)"; Start-Sleep -Milliseconds 500; 'exit block ends' }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal INT, INT, INT
        # On a busy machine one may come more than 300 ms after another, and counts as a second Ctrl+C: it warns.
        $warning = '(WARNING: .*\n)?'
        $run | Assert-Run -OutputMatch "\Aready\n${warning}exit block: SIGINT\n${warning}exit block ends\ncaller goes on\n\z" -Status 0, 124
    }

    It '--kill-after: SIGKILL ends a script that takes too long; the guard runs what it has not begun' -Tag E1 {
        Skip-Unless -Linux -Program timeout
        $run = Start-Script -Shell timeout, '--kill-after', 1, 60, (Get-ShellPath) {
            . $using:guard
            Use-ExitHandler -Guard -GracePeriodSeconds 60 { Wait-Guard; 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
        }
        $run | Wait-Line ready | Send-Signal TERM
        # timeout sends SIGKILL to its whole group, which it is a part of.
        $run | Assert-Run -Output ready -File @{ 'log.txt' = 'exit block: Killed' } -Status SIGKILL, 137
    }
}

Describe 'In a recipe of make' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $make = 'sh', "$PSScriptRoot/start/make.sh", (Get-ShellPath)
        $script = {
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)"; Start-Sleep -Milliseconds 300; 'exit block ends' }
            'caller goes on'
        }
    }

    It 'Ctrl+C at the terminal: the exit block runs to its end before make ends' -Tag A2 {
        Skip-Unless -Linux -Program make
        $run = Start-Script -Shell $make -Terminal $script
        $run | Wait-Line ready | Send-CtrlC
        $run | Assert-Run -OutputMatch '^ready$', 'exit block: SIGINT$', '^exit block ends$', '^caller goes on$' -Status SIGINT, 2, 130
    }

    It 'SIGTERM to make, which hands it on: the exit block runs' -Tag A2 {
        Skip-Unless -Linux -Program make
        $run = Start-Script -Shell $make $script
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'exit block ends', 'caller goes on' -Status SIGTERM, 2
    }

    It 'SIGKILL to the script: the guard runs the exit block; make fails' -Tag E1 {
        Skip-Unless -Linux -Program make
        $run = Start-Script -Shell $make {
            . $using:guard
            Use-ExitHandler -Guard { 'ready'; Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Assert-Run -Output ready, 'exit block: Killed' -ErrorMatch 'Killed|Error 137' -Status 2
    }
}
