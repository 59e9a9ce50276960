Describe '-ExitTimeoutSeconds' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $slow = @(
            @{ Does = 'sleeps'; Slow = { Start-Sleep -Seconds 100 } }
            @{ Does = 'loops'; Slow = { while ($true) { $count++ } } }
            @{ Does = 'waits in .NET'; Slow = { [System.Threading.Thread]::Sleep(-1) } }
            @{ Does = 'runs a native command'; Slow = { sleep 100 } }
        )
    }

    Context 'an exit block that runs for too long is stopped, the remaining ones run, and the scope ends as it would have' {
        It 'the block <Does>: two errors for two such blocks; the caller goes on' -Tag C8 -ForEach $slow {
            $run = Start-Script {
                Use-ExitHandler { 'body' } -OnExit {
                    'first begins'
                    . $using:Slow
                    Out-Line 'not reached'
                }, { 'second' }, { Start-Sleep -Seconds 100 }, { 'last' } -ExitTimeoutSeconds 0.5 -ErrorVariable problems -ErrorAction SilentlyContinue
                "caller goes on, `$?: $?"
                foreach ($problem in $problems | Where-Object FullyQualifiedErrorId -Like 'ExitBlock*') {
                    "$($problem.FullyQualifiedErrorId) $($problem.CategoryInfo.Category): $problem"
                }
            }
            $run | Assert-Run -Output @(
                'body', 'first begins', 'second', 'last', 'caller goes on, $?: True'
                foreach ($number in 1, 3) {
                    "ExitBlockTimedOut,GracefulExit.Commands.UseExitHandlerCommand OperationTimeout: Exit block $number of 4 was stopped: " +
                    'it ran longer than -ExitTimeoutSeconds 0.5. Allow it more time, or make it do less.'
                }
            )
        }

        It 'the block writes without end: <Name>' -Tag C8 -ForEach @(
            @{ Name = 'output of its own'; Slow = { while ($true) { 'flood' } } }
            @{ Name = 'past the pipeline'; Slow = { while ($true) { [System.Console]::Out.WriteLine('flood') } } }
            @{ Name = 'a native command''s output'; Slow = { sh -c 'while echo flood; do :; done' } }
        ) {
            Skip-Unless -Unix:($Name -match 'native')
            $run = Start-Script {
                Use-ExitHandler { 'body' } -OnExit { . $using:Slow }, { 'second' } -ExitTimeoutSeconds 0.5
                'caller goes on'
            }
            $run | Assert-Run -OutputMatch '\Abody\n(flood\n)+second\ncaller goes on\n\z' -ErrorMatch 'Exit block 1 of 2 was stopped'
        }

        It 'after a signal, too, the caller goes on, and the error is printed' -Tag C8 {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'first begins'; Start-Sleep -Seconds 100 }, { "second: $($_.Signal)" } -ExitTimeoutSeconds 0.5
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'first begins', 'second: SIGTERM', 'caller goes on' -ErrorMatch 'Exit block 1 of 2 was stopped'
        }

        It 'what ended the body is not lost: <Name>' -Tag C8 -ForEach @(
            @{ Name = 'exit 5'; Body = { exit 5 }; Output = 'second: Exit'; Status = 5; Message = @() }
            @{ Name = 'an error'; Body = { throw 'broken in the body' }; Output = 'second: Error'; Status = 1; Message = 'broken in the body' }
            @{ Name = 'break'; Body = { break }; Output = 'second: Completed', 'caller goes on: 1'; Status = 0; Message = @() }
        ) {
            $run = Start-Script {
                foreach ($turn in 1..2) {
                    Use-ExitHandler $using:Body -OnExit { Start-Sleep -Seconds 100 }, { "second: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -ErrorAction SilentlyContinue
                    'not reached'
                }
                "caller goes on: $turn"
            }
            $run | Assert-Run -Output $Output -Status $Status -ErrorMatch $Message
        }

        It 'of an inner scope, which ends by <Name>' -Tag C8 -ForEach @(
            @{ Name = 'itself: the outer body goes on'; Body = { }; Output = 'outer body goes on', 'outer exit block: Completed' }
            @{ Name = 'a signal: the outer exit block runs'; Body = { Send-Signal TERM; Wait-Forever }; Output = 'outer exit block: Signal' }
        ) {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler $using:Body -OnExit { Start-Sleep -Seconds 100 } -ExitTimeoutSeconds 0.5 -Append -ErrorAction SilentlyContinue
                    Out-Line 'outer body goes on'
                } -OnExit { Out-Line "outer exit block: $($_.Reason)" }
                Out-Line 'caller goes on'
            }
            $run | Assert-Run -Output (@($Output) + 'caller goes on')
        }
    }

    It 'an exit block within its limit is not stopped, nor are those after it: the limit is for each block' -Tag C8 {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit (@({ Start-Sleep -Milliseconds 1200; $ended++ }) * 4) -ExitTimeoutSeconds 4
            "caller goes on: $ended"
        }
        $run | Assert-Run -Output 'body', 'caller goes on: 4'
    }

    It 'an exit block that can''t be stopped: the remaining ones run, then the process exits as it would have, <Name>' -Tag C8 -ForEach @(
        @{ Name = 'exit 5'; Body = { exit 5 }; Reason = 'Exit'; Status = 5 }
        @{ Name = 'SIGHUP'; Body = { Send-Signal HUP; Wait-Forever }; Reason = 'Signal'; Status = 129 }
    ) {
        $run = Start-Script {
            Use-ExitHandler $using:Body -OnExit {
                Out-Line "first: $($_.Reason)"
                [System.Threading.Thread]::SpinWait([int]::MaxValue)
            }, { Out-Line "second: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
            Out-Line 'not reached'
        }
        $run | Assert-Run -Output "first: $Reason", "second: $Reason" -ErrorMatch 'Exit block 1 of 2' -Status $Status
    }
}
