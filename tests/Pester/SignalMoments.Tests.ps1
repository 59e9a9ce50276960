Describe 'The moment at which a signal comes' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    It 'between registration and the body''s first statement: the exit block runs, nothing hangs' -Tag C9 {
        # Sent by the one who reads the timeline.
        $run = Start-Script {
            Use-ExitHandler { Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal)" } -Verbose 4>&1 | ForEach-Object {
                if (-not $isSent) {
                    $isSent = $true
                    Out-Line "first record: $($_ -match 'registered')"
                    Send-Signal TERM
                }
            }
            'caller goes on'
        }
        $run | Assert-Run -Output 'first record: True', 'exit block: SIGTERM', 'caller goes on'
    }

    # Windows ends a process soon after SIGTERM and SIGHUP: they come last.
    It 'the body''s first statement: the exit block runs once, <_>' -Tag C9 -ForEach 'INT, then TERM', 'INT, then HUP' {
        $signals = $_ -split ', then '
        $run = Start-Script {
            foreach ($signal in $using:signals) {
                Use-ExitHandler { Send-Signal $signal; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
                'caller goes on'
            }
        }
        $run | Assert-Run -Output ($signals | ForEach-Object { "exit block: SIG$_", 'caller goes on' })
    }

    # The newest handler runs first: it tells that the module's own is next.
    It 'the body''s last statement, with the signal handled during the exit block: that runs once, to its end, <_>' -Tag C9 -ForEach 'INT, then TERM', 'INT, then HUP' {
        $signals = $_ -split ', then '
        $run = Start-Script {
            foreach ($signal in $using:signals) {
                Use-ExitHandler {
                    (Get-OlderHandler)::Register("SIG$signal", '')
                    "body: $signal"
                    Send-Signal $signal
                } -OnExit {
                    (Get-OlderHandler)::WaitForRun()
                    'exit block begins'
                    Start-Sleep -Milliseconds 300
                    'exit block ends'
                }
                (Get-OlderHandler)::Clear()
                'caller goes on'
            }
        }
        $run | Assert-Run -Output ($signals | ForEach-Object { "body: $_", 'exit block begins', 'exit block ends', 'caller goes on' })
    }

    It 'while the exit block runs after SIGTERM: it is neither interrupted nor run again, SIG<_>' -Tag C9 -ForEach TERM, INT, HUP {
        $run = Start-Script {
            Use-ExitHandler {
                Out-Line 'ready'
                Wait-Forever
            } -OnExit {
                (Get-OlderHandler)::Register('SIG' + $using:_, 'second signal')
                Out-Line "exit block begins: $($_.Signal)"
                (Get-OlderHandler)::WaitForRun()
                Start-Sleep -Milliseconds 300
                Out-Line "exit block ends: $($_.Signal)"
            }
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'exit block begins: SIGTERM' | Send-Signal $_
        $run | Assert-Run -Output ready, 'exit block begins: SIGTERM', 'second signal', 'exit block ends: SIGTERM', 'caller goes on'
    }

    It 'the very start and the very end of many scopes: each exit block runs once' -Tag C9 {
        Skip-Unless -Unix # Windows ends a process soon after SIGTERM and SIGHUP
        $run = Start-Script -TimeLimit 60 {
            $starts = $ends = $exits = 0
            foreach ($turn in 1..40) {
                foreach ($signal in 'TERM', 'HUP', 'INT') {
                    Use-ExitHandler { $starts++; Send-Signal $signal; Wait-Forever } -OnExit { $exits++ }
                }
            }
            "$starts bodies, $exits exit blocks"

            $starts = $exits = 0
            $handler = Get-OlderHandler
            foreach ($turn in 1..5) {
                foreach ($signal in 'TERM', 'HUP') {
                    Use-ExitHandler {
                        $handler::Register("SIG$signal", '')
                        $starts++
                        Send-Signal $signal
                    } -OnExit {
                        $exits++
                        $handler::WaitForRun()
                        Start-Sleep -Milliseconds 200
                        $ends++
                    }
                    $handler::Clear()
                }
            }
            "$starts bodies, $exits exit blocks, $ends ended"
        }
        $run | Assert-Run -Output '120 bodies, 120 exit blocks', '10 bodies, 10 exit blocks, 10 ended'
    }

    # .NET delivers SIGHUP and the user signals on the thread pool.
    It 'the thread pool is full: <_> ends the scope all the same' -Tag C9 -ForEach 'HUP', 'USR1, then INT, then TERM' {
        $sent = $_ -split ', then ' | Where-Object { $_ -ne 'USR1' -or -not (Test-Windows) }
        $signals = 'TERM', 'INT', 'HUP', ((Test-Windows) ? 'QUIT' : 'USR1')
        $run = Start-Script {
            # To load a module the engine needs the pool too, and Start-Sleep is in one.
            Start-Sleep -Milliseconds 0
            $forever = [System.Threading.ManualResetEventSlim]::new()
            $null = [System.Threading.ThreadPool]::SetMaxThreads([Environment]::ProcessorCount, 1000)
            foreach ($number in 1..100) { $null = [System.Threading.Tasks.Task]::Run([action] $forever.Wait) }
            foreach ($signal in $using:sent) {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal)" } -Signal $using:signals
                Out-Line "caller goes on, work that waits for a thread: $([System.Threading.ThreadPool]::PendingWorkItemCount -gt 50)"
            }
            # The shell needs the pool for its own end.
            $forever.Set()
        }
        foreach ($signal in $sent) { $null = $run | Wait-Line ready | Send-Signal $signal }
        $run | Assert-Run -Output ($sent | ForEach-Object { 'ready', "exit block: SIG$_", 'caller goes on, work that waits for a thread: True' }) -Within 15
    }
}
