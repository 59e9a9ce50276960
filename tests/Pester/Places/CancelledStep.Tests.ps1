# A runner of CI jobs cancels a step: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL. The times here are a tenth of these.
# The step is "shell: pwsh", which is -Command ". 'script'".
Describe 'A step of a CI job is cancelled' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"

        # What the runner does, until the step has ended. The process that it has started gets the signals, and no other.
        function Stop-Step($Run, [string[]] $Signal = ('INT', 'TERM', 'KILL')) {
            foreach ($name in $Signal) {
                if ($Run.Status) { break }
                $null = $Run | Send-Signal $name
                $seconds = @{ INT = 0.75; TERM = 0.25; KILL = 10 }[$name]
                for ($clock = [Diagnostics.Stopwatch]::StartNew(); -not $Run.Status -and $clock.Elapsed.TotalSeconds -lt $seconds) { [Threading.Thread]::Sleep(5) }
            }
        }
    }

    It 'a short clean-up: SIGINT is enough, and with -AfterSignal Exit nothing more of the step runs' -Tag A2 {
        $run = Start-Script -AsCommand {
            Use-ExitHandler -AfterSignal Exit { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
            'not reached'
        }
        $null = $run | Wait-Line ready
        Stop-Step $run
        $run | Assert-Run -Output ready, 'exit block: SIGINT' -Status 130
    }

    It 'without -AfterSignal the step goes on with its next statement, and ends by the SIGTERM that follows' -Tag A2, A8 {
        $run = Start-Script -AsCommand {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
            'caller goes on'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal INT | Wait-Line 'caller goes on'
        Stop-Step $run TERM, KILL
        $run | Assert-Run -Output ready, 'exit block: SIGINT', 'caller goes on' -Status SIGTERM
    }

    It 'a clean-up that takes longer than the first wait: SIGTERM does not interrupt it' -Tag C7 {
        $run = Start-Script -AsCommand {
            Use-ExitHandler -AfterSignal Exit { 'ready'; Wait-Forever } -OnExit {
                Out-Line 'exit block'
                while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 }
                'exit block ends'
            }
        }
        $null = $run | Wait-Line ready
        Stop-Step $run INT, TERM
        $null = New-Item -Path "$($run.Directory)/go"
        $run | Assert-Run -Output ready, 'exit block', 'exit block ends' -Status 130
    }

    It 'a clean-up that takes longer than both: SIGKILL cuts it, and the guard runs the blocks after it' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -AsCommand {
            . $using:guard
            Use-ExitHandler -Guard -AfterSignal Exit { Wait-Guard; 'ready'; Wait-Forever } -OnExit { Out-Line 'first'; Wait-Forever }, { Out-Line "second: $($_.Reason)" }
        }
        $run | Wait-Line ready | Send-Signal INT | Wait-Line first
        Stop-Step $run TERM, KILL
        $run | Assert-Run -Output ready, first, 'second: Killed' -ErrorMatch 'exit block 1' -Status SIGKILL
    }

    It 'a grace period that is longer than the runner''s: SIGKILL, and the guard runs the exit block' -Tag D1, E1 {
        Skip-Unless -Linux
        $run = Start-Script -AsCommand {
            . $using:guard
            Use-ExitHandler -Guard -GracePeriodSeconds 60 -AfterSignal Exit { Wait-Guard; 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $null = $run | Wait-Line ready
        Stop-Step $run
        $run | Assert-Run -Output ready, 'exit block: Killed' -Status SIGKILL
    }
}
