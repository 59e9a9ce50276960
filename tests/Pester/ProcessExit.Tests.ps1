Describe 'The process exits while scopes are active' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    Context '[Environment]::Exit(N): every exit block runs before the process is gone, and the status is N' {
        It 'in the body, N = <_>' -Tag C4 -ForEach 0, 5 {
            $run = Start-Script {
                Use-ExitHandler {
                    $own = 'body'
                    [Environment]::Exit($using:_)
                } -OnExit { Out-Line "first exit block: $($_.Reason) $($_.ExitCode), $own" }, { Out-Line 'second exit block' }
                Out-Line 'not reached'
            }
            $run | Assert-Run -Output "first exit block: ProcessExit $_, body", 'second exit block' -Status $_
        }

        It 'in another runspace: the body is stopped' -Tag C4 {
            $run = Start-Script {
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript('[Environment]::Exit(6)')
                Use-ExitHandler {
                    $null = $shell.BeginInvoke()
                    Wait-Forever
                } -OnExit { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" }
                # The process is on its way out; whether this is reached is a matter of time.
                Wait-Forever
            }
            $run | Assert-Run -Output 'exit block: ProcessExit 6' -Status 6
        }

        It 'within nested scopes: inner first' -Tag C4 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler {
                        Use-ExitHandler { [Environment]::Exit(7) } -OnExit { Out-Line "inner exit block: $($_.ExitCode)" } -Append
                    } -OnExit { Out-Line "middle exit block: $($_.ExitCode)" } -Append
                } -OnExit { Out-Line "outer exit block: $($_.ExitCode)" }
                Out-Line 'not reached'
            }
            $run | Assert-Run -Output 'inner exit block: 7', 'middle exit block: 7', 'outer exit block: 7' -Status 7
        }

        # Without -ExitTimeoutSeconds a process that is exiting gives each exit block 5 seconds.
        It 'in an exit block: no hang; the block after it and the outer scope''s run, -ExitTimeoutSeconds <_>' -Tag C4 -ForEach 0, 1 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler { Out-Line 'body' } -OnExit {
                        Out-Line 'inner exit block'
                        [Environment]::Exit(3)
                    }, { Out-Line 'second inner exit block' } -ExitTimeoutSeconds $using:_ -Append
                } -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.ExitCode)" }
                Out-Line 'not reached'
            }
            $run | Assert-Run -Output 'body', 'inner exit block', 'second inner exit block', 'outer exit block: ProcessExit 3' -ErrorMatch 'Exit block 1 of 2' -Status 3
        }

        It 'in another runspace, while an exit block runs: it runs to its end first' -Tag C4 {
            $run = Start-Script {
                $exiting = [System.Threading.ManualResetEventSlim]::new()
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript(
                    'param($exiting) $exiting.Set(); [Environment]::Exit(2)').AddArgument($exiting)
                Use-ExitHandler { Out-Line 'body' } -OnExit {
                    $null = $shell.BeginInvoke()
                    $exiting.Wait()
                    Start-Sleep -Milliseconds 300 # time in which the process would be gone
                    Out-Line 'exit block ends'
                }
                Wait-Forever
            }
            $run | Assert-Run -Output 'body', 'exit block ends' -Status 2
        }

        It 'while an exit block runs a scope of its own: that body is stopped, and the exit block runs to its end' -Tag C4 {
            $run = Start-Script {
                Use-ExitHandler { Out-Line 'body' } -OnExit {
                    Use-ExitHandler -Append {
                        $null = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript('[Environment]::Exit(2)').BeginInvoke()
                        Wait-Forever
                    } -OnExit { Out-Line "inner exit block: $($_.Reason)" }
                    Out-Line 'exit block ends'
                }, { Out-Line 'second exit block' }
                Wait-Forever
            }
            $run | Assert-Run -Output 'body', 'inner exit block: ProcessExit', 'exit block ends', 'second exit block' -Status 2
        }

        It 'after a signal, in the grace period: no deadlock, the exit block runs once' -Tag C4 {
            $run = Start-Script {
                Use-ExitHandler {
                    Out-Line 'ready'
                    $null = Wait-ExitRequest
                    [Environment]::Exit(4)
                } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal)" } -GracePeriodSeconds 20
                Out-Line 'not reached'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit block: Signal SIGTERM' -Status 4 -Within 15
        }

        # The time for all blocks is more than a wait of .NET's can be.
        It 'with <Name>: every exit block runs' -Tag C4 -ForEach @(
            @{ Name = 'the longest -StopTimeoutSeconds'; Blocks = 2; Options = @{ StopTimeoutSeconds = 2147483 } }
            @{ Name = 'all limits as long as they may be'; Blocks = 3; Options = @{ StopTimeoutSeconds = 2147483; ExitTimeoutSeconds = 2147483; GracePeriodSeconds = 2147483 } }
            @{ Name = '100 exit blocks of a day'; Blocks = 100; Options = @{ ExitTimeoutSeconds = 86400 } }
        ) {
            $run = Start-Script {
                $options = $using:Options
                Use-ExitHandler { [Environment]::Exit(5) } -OnExit (@({ Out-Line "exit block: $($_.Reason)" }) * $using:Blocks) @options
                Out-Line 'not reached'
            }
            $run | Assert-Run -Output (@('exit block: ProcessExit') * $Blocks) -Status 5
        }
    }

    It 'by <How>, with scopes in several runspaces: each exit block runs, once' -Tag C4 -ForEach @(
        @{ How = '[Environment]::Exit(8)'; InBody = { [Environment]::Exit(8) }; Afterwards = { } }
        @{ How = '$Host.SetShouldExit(8)'; InBody = { }; Afterwards = { $Host.SetShouldExit(8) } }
        @{ How = 'exit 8'; InBody = { }; Afterwards = { exit 8 } }
    ) {
        $run = Start-Script {
            $running = [System.Threading.CountdownEvent]::new(3)
            foreach ($number in 1..3) {
                $null = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript({
                    param($prelude, $number, $running)
                    . $prelude
                    Start-Sleep -Milliseconds 0 # loaded before the process exits
                    Use-ExitHandler {
                        $null = $running.Signal()
                        Wait-Forever
                    } -OnExit { Out-Line 'exit block' -To "runspace-$number.txt" }
                }).AddArgument($using:prelude).AddArgument($number).AddArgument($running).BeginInvoke()
            }
            Use-ExitHandler {
                Out-Line "all are running: $($running.Wait(20000))"
                . $using:InBody
            } -OnExit { Out-Line 'exit block' -To main.txt }
            . $using:Afterwards
        }
        $run | Assert-Run -Output 'all are running: True' -Status 8 -File @{
            'main.txt' = 'exit block'; 'runspace-1.txt' = 'exit block'; 'runspace-2.txt' = 'exit block'; 'runspace-3.txt' = 'exit block'
        }
    }

    It '$Host.SetShouldExit(N) in the body: the body, its exit block and the caller go on to their ends; the status is N' -Tag C4 {
        $run = Start-Script {
            Use-ExitHandler {
                $Host.SetShouldExit(9)
                Out-Line 'body'
            } -OnExit { Out-Line "exit block: $($_.Reason)" }
            Out-Line 'caller goes on'
        }
        $run | Assert-Run -Output 'body', 'exit block: Completed', 'caller goes on' -Status 9
    }
}
