Describe '-ForwardSignal' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"

        # A native command that takes a moment to clean up when it is signalled, as a database dump does. It says what it got.
        # KILL: what else comes before the forked shell has become sleep may be lost.
        $child = @'
trap 'ended TERM' TERM
trap 'ended INT' INT
trap 'ended HUP' HUP
ended() { kill -KILL $sleeper; sleep 0.2; echo "child cleans up: $1"; exit 7; }
sleep 100 &
sleeper=$!
echo ready
wait $sleeper
'@

        # A command that counts SIGINTs: after the first it lives on for a moment, in which a second one would be counted.
        $counting = @'
trap 'echo INT >> $TEST_TEMP/count.txt; counted=1' INT
echo ready
while [ -z "$counted" ]; do sleep 0.05; done
for moment in 1 2 3 4 5 6 7 8; do sleep 0.05; done
echo 'child ends'
exit 7
'@

        # A script in a shell of its own, which starts everywhere. It says what it got.
        $script = {
            . $using:prelude
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Start-Sleep -Milliseconds 200; Out-Line "child cleans up: $($_.Signal)" }
            exit 7
        }
        $script = "$script".Replace('$using:prelude', "'$prelude'")

        # Another runspace of the script, which asks for the exit once $isReady is set.
        $sender = {
            $isReady = [System.Threading.ManualResetEventSlim]::new()
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $sent = $shell.AddScript({
                param($isReady)
                . $using:prelude
                $isReady.Wait()
                Send-ExitRequest -Signal INT
            }.ToString()).AddArgument($isReady).BeginInvoke()
        }
        $sender = [scriptblock]::Create("$sender".Replace('$using:prelude', "'$prelude'"))
    }

    # On Windows each comes to the command by another event; elsewhere the simpler command below gets each of them.
    It 'a script in a shell of its own as the native command: SIG<_> reaches it, and its clean-up is waited for' -Tag D4, Windows -ForEach ((Test-Windows) ? ('INT', 'TERM', 'HUP') : 'INT') {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            Use-ExitHandler {
                & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command $using:script
                Out-Line 'not reached'
            } -OnExit {
                # Where Windows ends what its events leave, the child's own status comes too late.
                Out-Line "exit block: $($_.Signal), the child's status is known: $($LASTEXITCODE -in 7, -1073741510)"
            } -ForwardSignal -GracePeriodSeconds 10
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output ready, "child cleans up: SIG$_", "exit block: SIG$_, the child's status is known: True", 'caller goes on'
    }

    It 'a script that goes on in spite of the signal is left to the stop, which kills it, when the grace period is over' -Tag D4, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            Use-ExitHandler {
                & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command ". '$using:prelude'; Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -GracePeriodSeconds 100" | ForEach-Object { Out-Line $_ }
                Out-Line 'not reached'
            } -OnExit {
                $seconds = ([datetime]::Now - $_.RequestedAt).TotalSeconds
                Out-Line "exit block: $($_.Signal), not before its time: $($seconds -ge 0.69), not much later: $($seconds -lt 4)"
            } -ForwardSignal -GracePeriodSeconds 0.7
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal INT
        $run | Assert-Run -Output ready, 'exit block: SIGINT, not before its time: True, not much later: True', 'caller goes on'
    }

    It 'Send-ExitRequest: the native command gets the signal, but on Windows, where it is stopped with the body' -Tag D4, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            . $using:sender
            Use-ExitHandler {
                & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command $using:script | ForEach-Object {
                    Out-Line $_
                    if ($_ -eq 'ready') { $isReady.Set() }
                }
                Out-Line 'not reached'
            } -OnExit { Out-Line "exit block: $($_.Signal)" } -ForwardSignal
            $shell.EndInvoke($sent)
            Out-Line "caller goes on, errors: $($shell.Streams.Error)"
        }
        $run | Assert-Run -Output @(
            'ready'
            if (-not (Test-Windows)) { 'child cleans up: SIGINT' }
            'exit block: SIGINT', 'caller goes on, errors: '
        )
    }

    It 'Send-ExitRequest at a terminal: the native command gets the signal, which no key has sent' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script -Terminal {
            . $using:sender
            Use-ExitHandler {
                /bin/sh -c $using:child | ForEach-Object {
                    Out-Line $_
                    if ($_ -eq 'ready') { $isReady.Set() }
                }
                Out-Line 'not reached'
            } -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
            $shell.EndInvoke($sent)
            Out-Line 'caller goes on'
        }
        $run | Assert-Run -OutputMatch '\Aready\n', '\Gchild cleans up: INT\n', "\Gexit block: SIGINT, the child's status: 7\n", '\Gcaller goes on\n'
    }

    It 'SIGTERM, SIGINT and SIGHUP: the native command gets each and cleans up; no other statement starts; the exit block sees its status' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script {
            foreach ($number in 1..3) {
                Use-ExitHandler {
                    /bin/sh -c $using:child
                    Out-Line 'not reached'
                } -OnExit { "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
                "caller goes on: $LASTEXITCODE"
            }
        }
        foreach ($signal in 'TERM', 'INT', 'HUP') { $run | Wait-Line ready | Send-Signal $signal }
        $run | Assert-Run -Output @(
            foreach ($signal in 'TERM', 'INT', 'HUP') { 'ready', "child cleans up: $signal", "exit block: SIG$signal, the child's status: 7", 'caller goes on: 7' }
        )
    }

    It 'without -ForwardSignal the native command is killed with the body and cleans up nothing' -Tag D4 {
        $run = Start-Script {
            Use-ExitHandler {
                /bin/sh -c 'trap "echo not reached" TERM; echo ready; exec sleep 100'
                Out-Line 'not reached'
            } -OnExit { "exit block: $($_.Signal)" }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'caller goes on'
    }

    It 'nothing after a native command runs, wherever it stands' -Tag D4 {
        Skip-Unless -Linux
        $bodies = @(
            @{ Where = 'pipeline'; Body = { /bin/sh -c $child | ForEach-Object { Out-Line $_ }; Out-Line 'not reached' } }
            @{ Where = 'function'; Body = { function Start-Child { /bin/sh -c $child; Out-Line 'not reached' } Start-Child; Out-Line 'not reached' } }
            @{ Where = 'loop'; Body = { while ($true) { /bin/sh -c $child } } }
            @{ Where = 'condition'; Body = { if (-not (/bin/sh -c $child | ForEach-Object { Out-Line $_ })) { Out-Line 'not reached' } } }
            @{ Where = 'chain'; Body = { /bin/sh -c $child || Out-Line 'not reached' } }
            @{ Where = 'row with another command'; Body = { /bin/sh -c $child; /bin/echo 'not reached' } }
            @{ Where = 'try block, whose finally block runs'; Finally = 'finally'; Body = {
                    try { /bin/sh -c $child; Out-Line 'not reached' } catch { Out-Line 'not reached' } finally { Out-Line 'finally' }
                }
            }
        )
        $run = Start-Script {
            $child = $using:child
            foreach ($one in $using:bodies) {
                Out-Line $one.Where
                Use-ExitHandler $one.Body -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
                Out-Line 'caller goes on'
            }
        }
        foreach ($one in $bodies) { $run | Wait-Line $one.Where | Wait-Line ready | Send-Signal TERM }
        $run | Assert-Run -Output @(
            foreach ($one in $bodies) {
                $one.Where, 'ready', 'child cleans up: TERM'
                if ($one.Finally) { $one.Finally }
                "exit block: SIGTERM, the child's status: 7", 'caller goes on'
            }
        )
    }

    It 'a native command that ignores the signal is stopped with the body when the grace period is over' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script {
            Use-ExitHandler {
                /bin/sh -c 'trap "" TERM; echo ready; exec sleep 100'
                Out-Line 'not reached'
            } -OnExit {
                $seconds = ([datetime]::Now - $_.RequestedAt).TotalSeconds
                "exit block: $($_.Signal), not before its time: $($seconds -ge 0.69), not much later: $($seconds -lt 4)"
            } -ForwardSignal -GracePeriodSeconds 0.7
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM, not before its time: True, not much later: True', 'caller goes on'
    }

    It 'does not signal processes that the body has not started: a child of another runspace, and an older one' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script {
            $older = [System.Diagnostics.Process]::Start('/bin/sleep', '100')
            $started = [System.Threading.ManualResetEventSlim]::new()
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $running = $shell.AddScript({
                param($started)
                /bin/sh -c 'echo started; exec sleep 100' | ForEach-Object { $started.Set() }
            }).AddArgument($started).BeginInvoke()
            $started.Wait()

            Use-ExitHandler {
                /bin/sh -c $using:child
            } -OnExit { "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
            Start-Sleep -Milliseconds 200 # the end of the others would be seen
            "still running: $(-not $older.HasExited) $(-not $running.IsCompleted)"

            $older.Kill()
            $older.WaitForExit()
            $shell.Stop()
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'child cleans up: TERM', "exit block: SIGTERM, the child's status: 7", 'still running: True True'
    }

    It 'at a terminal Ctrl+C reaches the native command from the terminal, and is not sent to it a second time' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script -Terminal {
            Use-ExitHandler {
                /bin/sh -c $using:counting
                Out-Line 'not reached'
            } -OnExit { "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
            'caller goes on'
        }
        $run | Wait-Line ready | Send-CtrlC
        $run | Assert-Run -OutputMatch '^ready\n(\^C)?child ends\n', "\Gexit block: SIGINT, the child's status: 7\n", '\Gcaller goes on\n' -File @{ 'count.txt' = 'INT' }
    }

    It 'Ctrl+C at a terminal, a native command that dies of it at once' -Tag D4 {
        Skip-Unless -Linux
        # Which of the two is told first, the command's end or the signal, is up to the system: often enough it is the command's end.
        $run = Start-Script -Terminal {
            foreach ($round in 1..5) {
                Use-ExitHandler {
                    /bin/sh -c "echo ready $round; exec sleep 100"
                    Out-Line 'not reached'
                } -OnExit { Out-Line "exit block: $($_.Signal)" } -ForwardSignal
            }
            Out-Line 'caller goes on'
        }
        foreach ($round in 1..5) { $run | Wait-Line "ready $round" | Send-CtrlC }
        $run | Assert-Run -OutputMatch @(
            foreach ($round in 1..5) { "\Gready $round\n(\^C)?exit block: SIGINT\n" }
            '\Gcaller goes on\n$'
        )
    }

    It 'without a terminal SIGINT reaches the native command once' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script {
            Use-ExitHandler {
                /bin/sh -c $using:counting
                Out-Line 'not reached'
            } -OnExit { "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal INT
        $run | Assert-Run -Output ready, 'child ends', "exit block: SIGINT, the child's status: 7", 'caller goes on' -File @{ 'count.txt' = 'INT' }
    }

    It 'no native command is running: the body is stopped as usual' -Tag D4, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            Use-ExitHandler {
                if ($IsWindows) { & $env:ComSpec /c echo a native command } else { /bin/echo 'a native command' }
                'ready'
                Wait-Forever
            } -OnExit { "exit block: $($_.Signal)" } -ForwardSignal
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'a native command', ready, 'exit block: SIGTERM', 'caller goes on'
    }

    It 'no native command is running: the body has its grace period, and may start commands in it' -Tag D4, Windows {
        Skip-Unless -Linux -Windows
        # INT on Windows: at a shutdown the engine starts no native command in a console without a window, see docs/engine-facts.md.
        $run = Start-Script {
            Use-ExitHandler {
                if ($IsWindows) { & $env:ComSpec /c echo a native command } else { /bin/echo 'a native command' }
                'ready'
                $null = Wait-ExitRequest
                if ($IsWindows) { & $env:ComSpec /c echo another in the grace period } else { /bin/echo 'another in the grace period' }
                'body ends by itself'
            } -OnExit { "exit block: $($_.Signal)" } -ForwardSignal -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal ((Test-Windows) ? 'INT' : 'TERM')
        $run | Assert-Run -Output 'a native command', ready, 'another in the grace period', 'body ends by itself', "exit block: SIG$((Test-Windows) ? 'INT' : 'TERM')", 'caller goes on'
    }

    It 'an assignment to $LASTEXITCODE is not the end of a native command' -Tag D4 {
        Skip-Unless -Linux
        $run = Start-Script {
            Use-ExitHandler {
                # The consumer of the command's output assigns while the command still cleans up.
                /bin/sh -c 'trap "echo signalled; sleep 0.5; echo cleaned up; exit 7" TERM; echo ready; while :; do sleep 0.05; done' | ForEach-Object {
                    Out-Line $_
                    if ($_ -eq 'signalled') { $global:LASTEXITCODE = 5 }
                }
                Out-Line 'not reached'
            } -OnExit { "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, signalled, 'cleaned up', "exit block: SIGTERM, the child's status: 7", 'caller goes on'
    }

    Context 'the example native-dump.ps1' {
        It 'after a signal the command gets it and ends, its partial file is removed, and the status shows the signal' -Tag D4 {
            Skip-Unless -Linux
            $run = Start-Script {
                # The stand-in for pg_dump says past its redirected output that it is at work.
                $dump = 'trap "kill \$sleeper; exit 3" TERM; echo "half a dump"; sleep 100 & sleeper=$!; echo ready > /proc/$PPID/fd/1; wait $sleeper'
                & "$using:examples/native-dump.ps1" -Target shop.sql -Command /bin/sh, '-c', $dump
                exit $LASTEXITCODE
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output 'Dumping to shop.sql', ready, "Removed the partial dump, because of SIGTERM; the command's status was 3" -File @{ 'shop.sql' = @(); 'shop.sql.partial' = @() } -Status 143
        }

        It 'without a signal there is the complete file under its name; if the command fails, nothing is left behind, and the status is its' -Tag D4 {
            $run = Start-Script {
                & "$using:examples/native-dump.ps1" -Target whole.sql -Command /bin/sh, '-c', 'echo "a whole dump"'
                "status: $LASTEXITCODE"
                & "$using:examples/native-dump.ps1" -Target half.sql -Command /bin/sh, '-c', 'echo "half a dump"; exit 4'
                exit $LASTEXITCODE
            }
            $run | Assert-Run -Output @(
                'Dumping to whole.sql', 'Dumped to whole.sql', 'status: 0'
                'Dumping to half.sql', "Removed the partial dump, because of Exit; the command's status was 4"
            ) -File @{ 'whole.sql' = 'a whole dump'; 'whole.sql.partial' = @(); 'half.sql' = @(); 'half.sql.partial' = @() } -Status 4
        }
    }
}
