Describe '-ExitTimeoutSeconds' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'an exit block that runs for too long is stopped, the remaining ones run, and the scope ends as it would have' {
        It 'the block sleeps, loops, waits in .NET or in a native command: two errors for two such blocks; the caller goes on' -Tag C8 {
            $run = Start-Script {
                foreach ($slow in { Start-Sleep -Seconds 100 }, { while ($true) { $count++ } }, { [System.Threading.Thread]::Sleep(-1) }, { sleep 100 }) {
                    Use-ExitHandler { "body:$slow" } -OnExit {
                        'first begins'
                        . $slow
                        Out-Line 'not reached'
                    }, { 'second' }, { Start-Sleep -Seconds 100 }, { 'last' } -ExitTimeoutSeconds 0.5 -ErrorVariable problems -ErrorAction SilentlyContinue
                    "caller goes on, `$?: $?"
                    foreach ($problem in $problems | Where-Object FullyQualifiedErrorId -Like 'ExitBlock*') {
                        "$($problem.FullyQualifiedErrorId) $($problem.CategoryInfo.Category): $problem"
                    }
                }
            }
            $run | Assert-Run -Output @(
                foreach ($slow in 'Start-Sleep -Seconds 100', 'while ($true) { $count++ }', '[System.Threading.Thread]::Sleep(-1)', 'sleep 100') {
                    "body: $slow ", 'first begins', 'second', 'last', 'caller goes on, $?: True'
                    foreach ($number in 1, 3) {
                        "ExitBlockTimedOut,GracefulExit.Commands.UseExitHandlerCommand OperationTimeout: Exit block $number of 4 was stopped: " +
                        'it ran longer than -ExitTimeoutSeconds 0.5. Allow it more time, or make it do less.'
                    }
                }
            )
        }

        It 'the block writes without end: output of its own, past the pipeline, a native command''s' -Tag C8 {
            $blocks = @(
                { while ($true) { 'flood' } }
                { while ($true) { [System.Console]::Out.WriteLine('flood') } }
                if (-not (Test-Windows)) { { sh -c 'while echo flood; do :; done' } }
            )
            $run = Start-Script {
                foreach ($block in $using:blocks) {
                    Use-ExitHandler { 'body' } -OnExit { . $block }, { 'second' } -ExitTimeoutSeconds 0.5
                    'caller goes on'
                }
            }
            $run | Assert-Run -OutputMatch "\A(body\n(flood\n)+second\ncaller goes on\n){$($blocks.Count)}\z" -ErrorMatch (@('Exit block 1 of 2 was stopped') * $blocks.Count)
        }

        It 'after a signal, too, the caller goes on, and the error is printed' -Tag C8 {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'first begins'; Start-Sleep -Seconds 100 }, { "second: $($_.Signal)" } -ExitTimeoutSeconds 0.5
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'first begins', 'second: SIGTERM', 'caller goes on' -ErrorMatch 'Exit block 1 of 2 was stopped'
        }

        It 'what ended the body is not lost: break, an error, exit 5' -Tag C8 {
            $run = Start-Script {
                foreach ($body in { break }, { throw 'broken in the body' }, { exit 5 }) {
                    try {
                        foreach ($turn in 1..2) {
                            Use-ExitHandler $body -OnExit { Start-Sleep -Seconds 100 }, { "second: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -ErrorAction SilentlyContinue
                            'not reached'
                        }
                    }
                    catch { "caught: $_" }
                    "caller goes on: $turn"
                }
            }
            $run | Assert-Run -Output 'second: Completed', 'caller goes on: 1', 'second: Error', 'caught: broken in the body', 'caller goes on: 1', 'second: Exit' -Status 5
        }

        It 'of an inner scope, which ends by itself: the outer body goes on; by a signal: the outer exit block runs' -Tag C8 {
            $run = Start-Script {
                foreach ($body in { }, { Send-Signal TERM; Wait-Forever }) {
                    Use-ExitHandler {
                        Use-ExitHandler $body -OnExit { Start-Sleep -Seconds 100 } -ExitTimeoutSeconds 0.5 -Append -ErrorAction SilentlyContinue
                        Out-Line 'outer body goes on'
                    } -OnExit { Out-Line "outer exit block: $($_.Reason)" }
                    Out-Line 'caller goes on'
                }
            }
            $run | Assert-Run -Output 'outer body goes on', 'outer exit block: Completed', 'caller goes on', 'outer exit block: Signal', 'caller goes on'
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
