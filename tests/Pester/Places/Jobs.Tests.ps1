# Start-Job: a process of its own for each job, which talks to its parent by pipes.
Describe 'In a job of Start-Job' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $prelude = "$PSScriptRoot/../Harness/prelude.ps1"
    }

    It 'Stop-Job, and Remove-Job -Force: the exit block runs to its end, Reason Stopped' -Tag C1 {
        $run = Start-Script {
            foreach ($stop in { Stop-Job $job }, { Remove-Job $job -Force }) {
                $job = Start-Job {
                    . $using:prelude
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt; Start-Sleep -Milliseconds 300; Out-Line 'exit block ends' -To log.txt }
                }
                # Not by Receive-Job: it fails now and then while the job writes.
                while ($job.ChildJobs[0].Output.Count -eq 0) { Start-Sleep -Milliseconds 20 }
                & $stop
                Out-Line "after$stop" -To log.txt
            }
            'caller goes on'
        }
        $run | Assert-Run -Output 'caller goes on' -File @{
            'log.txt' = 'exit block: Stopped', 'exit block ends', 'after Stop-Job $job ', 'exit block: Stopped', 'exit block ends', 'after Remove-Job $job -Force '
        }
    }

    It 'SIGTERM, SIGINT and SIGHUP to the job''s process, each in a scope of its own: the exit block runs, and the job goes on' -Tag A2 {
        $run = Start-Script {
            $job = Start-Job {
                . $using:prelude
                # Its module is imported now: a stop during an import is an error on the job's stream, also without a scope (engine-facts.md).
                Start-Sleep 0
                "job: $PID"
                foreach ($turn in 1..3) {
                    Use-ExitHandler { "ready: $turn"; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
                    "job goes on: $turn"
                }
            }
            while ($job.State -eq 'Running') { Receive-Job $job; Start-Sleep -Milliseconds 20 }
            Receive-Job $job
            $job.State
        }
        $null = $run | Wait-Text -Match '^job: (\d+)$'
        $id = $run.Found[1]
        foreach ($turn in 1..3) { $null = $run | Wait-Line "ready: $turn" | Send-Signal ('TERM', 'INT', 'HUP')[$turn - 1] -Id $id }
        $run | Assert-Run -OutputMatch "\Ajob: $id\n", (@(
                'ready: 1', 'exit block: SIGTERM', 'job goes on: 1'
                'ready: 2', 'exit block: SIGINT', 'job goes on: 2'
                'ready: 3', 'exit block: SIGHUP', 'job goes on: 3', 'Completed'
            ) -join '\n')
    }

    It 'SIGKILL to the job''s process: the guard runs the exit block' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script {
            $job = Start-Job {
                . $using:prelude
                . $using:guard
                Use-ExitHandler -Guard { Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
            }
            # The engine never notices that the process has gone: Wait-Job and Remove-Job would wait for ever.
            while (-not (Test-Path log.txt)) { Start-Sleep -Milliseconds 20 }
            Send-Signal KILL
        }
        $run | Assert-Run -Output @() -File @{ 'log.txt' = 'exit block: Killed' } -Status SIGKILL
    }

    It 'the parent <How>: the job''s process loses its pipes, and the exit block runs' -Tag C1 -ForEach @(
        @{ How = 'is killed by SIGKILL'; Signal = 'KILL'; Status = 'SIGKILL' }
        @{ How = 'ends by SIGTERM'; Signal = 'TERM'; Status = 'SIGTERM' }
    ) {
        $run = Start-Script {
            $job = Start-Job {
                . $using:prelude
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
            }
            while (-not (Receive-Job $job)) { Start-Sleep -Milliseconds 20 }
            'ready'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal $Signal | Wait-FileLine log.txt 'exit block: Stopped'
        $run | Assert-Run -Output ready -File @{ 'log.txt' = 'exit block: Stopped' } -Status $Status
    }
}
