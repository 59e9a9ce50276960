# Where a guard has work to do, it is a shell that has to start: on a busy machine it may outlive its owner by more than the usual limit.
Describe '-Guard: how long the guard lives' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'the exit blocks have run: the guard ends at once, without any output' {
        It 'the body ends, ends when the guard has long been up, throws, or gets a signal' -Tag E2, Windows {
            Skip-Unless -Linux -Windows
            $run = Start-Script {
                foreach ($body in { }, { Start-Sleep -Milliseconds 1500 }, { throw 'on purpose' }, { Out-Line 'ready'; Wait-Forever }) {
                    try {
                        Use-ExitHandler -Guard {
                            Out-Line "guarded: $($null -ne (Get-Child))"
                            . $body
                        } -OnExit { Out-Line "exit block: $($_.Reason)" }
                    }
                    catch { Out-Line "caught: $_" }

                    $start = [datetime]::Now
                    while ((Get-Child) -and ([datetime]::Now - $start).TotalSeconds -lt 5) { Start-Sleep -Milliseconds 5 }
                    Out-Line "gone: $($null -eq (Get-Child)), in time: $(([datetime]::Now - $start).TotalSeconds -lt 1)"
                }
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'guarded: True', 'exit block: Completed', 'gone: True, in time: True'
                'guarded: True', 'exit block: Completed', 'gone: True, in time: True'
                'guarded: True', 'exit block: Error', 'caught: on purpose', 'gone: True, in time: True'
                'guarded: True', 'ready', 'exit block: Signal', 'gone: True, in time: True'
            )
        }

        It 'many scopes one after another leave no process and no file' -Tag E2, Windows {
            Skip-Unless -Linux -Windows
            $run = Start-Script -TimeLimit 60 {
                foreach ($i in 1..20) { Use-ExitHandler -Guard { $run++ } -OnExit { $run++ } }
                $start = [datetime]::Now
                while ((Get-Child) -and ([datetime]::Now - $start).TotalSeconds -lt 5) { Start-Sleep -Milliseconds 5 }

                # The shell's own files have its number.
                $files = [System.IO.Directory]::GetFileSystemEntries([System.IO.Path]::GetTempPath()) | Split-Path -Leaf |
                    Where-Object { $_ -notmatch "\b$PID\b" -and $_ -match 'clr-debug|dotnet|PSHost' }
                "run: $run, children: [$(Get-Child)], files: [$files]"
            }
            $run | Assert-Run -Output 'run: 40, children: [], files: []'
        }

        It 'at an orderly end of the process the guard does nothing' -Tag E1, Windows {
            Skip-Unless -Linux -Windows
            $run = Start-Script {
                Use-ExitHandler -Guard { [System.Environment]::Exit(7) } -OnExit { Out-Line "exit block: $($_.Reason)" }
            }
            $run | Assert-Run -Output 'exit block: ProcessExit' -Status 7
        }
    }

    Context 'signals to the process group and a closed terminal do not end it before its owner' {
        It 'SIG<_> to the group ends the process: the guard runs the exit block' -Tag E3 -ForEach TERM, KILL {
            Skip-Unless -Linux
            $run = Start-Script -LeftoverLimit 20 {
                Use-ExitHandler -Guard -Signal USR1 { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
            }
            $run | Wait-Line ready | Send-Signal $_ -Group
            $run | Assert-Run -Output ready, 'exit block: Killed' -Status "SIG$_"
        }

        # Windows has an event of its own for each.
        It 'SIG<_> to the group, which the scope listens to: the exit block runs once, in the process' -Tag E3, Windows -ForEach ((Test-Windows) ? ('TERM', 'INT', 'HUP') : 'HUP') {
            Skip-Unless -Linux -Windows
            $run = Start-Script {
                Use-ExitHandler -Guard { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $_ -Group
            $run | Assert-Run -Output ready, 'exit block: Signal', 'caller goes on'
        }

        It 'the terminal is closed, the process dies of it: the guard runs the exit block' -Tag E3 {
            Skip-Unless -Linux
            $run = Start-Script -LeftoverLimit 20 -Terminal {
                Use-ExitHandler -Guard -Signal USR1 { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt; Out-Line 'nobody reads this' }
            }
            $run | Wait-Line ready | Close-Terminal
            $run | Assert-Run -OutputMatch '^ready$' -File @{ 'log.txt' = 'exit block: Killed' } -Status SIGHUP
        }

        It 'Ctrl+C at the terminal reaches the process, not its guard' -Tag E3 {
            Skip-Unless -Linux
            $run = Start-Script -Terminal {
                Use-ExitHandler -Guard { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -OutputMatch 'ready', 'exit block: Signal', 'caller goes on'
        }

        It 'signals to the guard itself, at its start and while it runs the exit block' -Tag E3 {
            Skip-Unless -Linux
            $run = Start-Script -LeftoverLimit 20 {
                $signals = 'TERM', 'INT', 'HUP', 'QUIT', 'USR1'
                Use-ExitHandler -Guard {
                    $guard = Get-Child
                    foreach ($round in 1..50) {
                        foreach ($signal in $signals) { Send-Signal $signal -Id $guard }
                        Start-Sleep -Milliseconds 20
                    }

                    Send-Signal KILL
                    Wait-Forever
                } -OnExit {
                    $guard = [System.Environment]::ProcessId # $PID is the owner's
                    foreach ($signal in $signals) { Send-Signal $signal -Id $guard }
                    Start-Sleep -Milliseconds 100
                    # A child of the exit block has its signals as ever.
                    /bin/sh -c 'kill -TERM $$; echo not reached'
                    Out-Line "exit block: $($_.Reason), child: $LASTEXITCODE"
                }
            }
            $run | Assert-Run -Output 'exit block: Killed, child: 143' -Status SIGKILL
        }
    }

    Context 'the guard itself fails' {
        It 'killed while its owner lives: there is a warning; the owner goes on and runs its exit block' -Tag E1 {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler -Guard {
                    Send-Signal KILL -Id (Get-Child)
                    Start-Sleep -Milliseconds 500
                    Out-Line 'body goes on'
                } -OnExit { Out-Line "exit block: $($_.Reason)" }
                Out-Line 'caller goes on'
            }
            $run | Assert-Run -OutputMatch 'The guard, process \d+, has ended \(signal 9\)', 'body goes on', 'exit block: Completed', 'caller goes on'
        }

        It 'it can''t be started: a terminating error before the body; the scope leaves nothing behind' -Tag E1 {
            Skip-Unless -Linux
            $run = Start-Script {
                $env:TOO_BIG = 'x' * 3000000 # no process can be started with such an environment
                try { Use-ExitHandler -Guard { Out-Line 'body: not reached' } -OnExit { Out-Line 'exit block: not reached' } }
                catch { Out-Line "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }

                Remove-Item Env:/TOO_BIG
                Use-ExitHandler -Guard { Out-Line 'body' } -OnExit { Out-Line "exit block: $($_.Reason)" }
            }
            $run | Assert-Run -Output 'GuardFailed,GracefulExit.Commands.UseExitHandlerCommand ResourceUnavailable', body, 'exit block: Completed'
        }
    }
}
