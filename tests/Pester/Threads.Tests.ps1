Describe 'Threads: few are created, and few are needed' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # The script runs as a user who has no other process, so that this process's threads are all that the limit counts.
        $alone = 'sh', '-c', 'chmod -R a+rwX . && exec setpriv --reuid 64123 --regid 64123 --clear-groups "$0" "$@"', (Get-ShellPath)

        # Limits this process to the threads that it has and some more. The limit is seen from inside: a thread more can't be made.
        # .NET itself ends a process whose thread pool wants a thread and gets none, with or without the module: every pwsh does now
        # and then, for its children and its caches. So the pool has all threads that it may have before the limit is set.
        $limitThreads = {
            param($More)
            $workers = [System.Environment]::ProcessorCount
            $null = [System.Threading.ThreadPool]::SetMaxThreads($workers, $workers)
            $all = [System.Threading.Barrier]::new($workers)
            $meet = [System.Delegate]::CreateDelegate([System.Action], $all, [System.Threading.Barrier].GetMethod('SignalAndWait', [type[]]@()))
            $met = foreach ($worker in 1..$workers) { [System.Threading.Tasks.Task]::Run($meet) }
            if (-not [System.Threading.Tasks.Task]::WaitAll($met, 10000)) { throw 'the thread pool gave no threads within 10 s' }
            $threads = [System.IO.Directory]::GetDirectories('/proc/self/task').Count
            prlimit --pid $PID "--nproc=$($threads + $More)"
            $threads
        }
    }

    It '100 scopes ended by SIGINT and SIGTERM in turn, <_>: no threads or scopes are left over' -Tag C10 -ForEach '-File', '-Command' {
        Skip-Unless -Linux
        $run = Start-Script -AsCommand:($_ -eq '-Command') -TimeLimit 60 {
            $contexts = [System.Collections.Generic.List[System.WeakReference]]::new()
            foreach ($turn in 1..110) {
                Use-ExitHandler { Send-Signal ('INT', 'TERM')[$turn % 2]; Wait-Forever } -OnExit { $contexts.Add([System.WeakReference]::new($_)) }
                if ($turn -eq 10) { $before = [System.IO.Directory]::GetDirectories('/proc/self/task').Count }
            }
            $more = [System.IO.Directory]::GetDirectories('/proc/self/task').Count - $before
            # An alarm that is not needed any more is forgotten when its time comes: -StopTimeoutSeconds.
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            do {
                Start-Sleep -Milliseconds 100
                [System.GC]::Collect()
                $alive = @($contexts | Where-Object IsAlive).Count
            } while ($alive -ge 10 -and $clock.Elapsed.TotalSeconds -lt 10)
            "$($contexts.Count) scopes, 10 threads more: $($more -ge 10), 10 contexts alive: $($alive -ge 10), active: $(@(Get-ExitHandler).Count)"
        }
        $run | Assert-Run -Output '110 scopes, 10 threads more: False, 10 contexts alive: False, active: 0'
    }

    # No SIGINT among them: what comes over more than 600 ms counts as three Ctrl+C, which abandon the exit block (C7).
    It '20,000 signals during an exit block: at most 20 threads more, <Name>' -Tag C10 -ForEach @(
        @{ Name = 'SIGTERM and SIGHUP'; Older = $false; Signals = 'TERM', 'HUP' }
        @{ Name = 'with handlers of another module for both'; Older = $true; Signals = 'TERM', 'HUP' }
    ) {
        Skip-Unless -Linux
        $run = Start-Script -OpenInput -TimeLimit 60 {
            (Get-OlderHandler)::Register('SIGWINCH', '')
            if ($using:Older) { foreach ($signal in 'SIGTERM', 'SIGHUP') { (Get-OlderHandler)::Register($signal, '') } }
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                $before = [System.IO.Directory]::GetDirectories('/proc/self/task').Count
                Out-Line 'exit block begins'
                $null = [System.Console]::In.ReadLine()
                $more = [System.IO.Directory]::GetDirectories('/proc/self/task').Count - $before
                # Signals are taken in the order in which they came: when a harmless one has been, those before it have been too.
                Send-Signal WINCH
                (Get-OlderHandler)::WaitForRun()
                $later = [System.IO.Directory]::GetDirectories('/proc/self/task').Count - $before
                Out-Line "more than 20 threads more: $($more -gt 20 -or $later -gt 20)"
            }
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'exit block begins' | Send-Signal $Signals -Count (20000 / $Signals.Count) | Send-Line 'go on'
        $run | Assert-Run -Output ready, 'exit block begins', 'more than 20 threads more: False', 'caller goes on'
    }

    Context 'the system gives no more threads (ulimit -u)' {
        It 'from the body''s start: the body goes on to its end, and the exit block runs' -Tag H5 {
            Skip-Unless -Linux -Program setpriv, prlimit
            $run = Start-Script -Shell $alone {
                Use-ExitHandler {
                    $null = & $using:limitThreads 0
                    Start-Sleep -Milliseconds 300
                    'body ends'
                } -OnExit { "exit block: $($_.Reason)" }
                'caller goes on'
            }
            $run | Assert-Run -Output 'body ends', 'exit block: Completed', 'caller goes on'
        }

        It 'before the scope begins: the scope as usual, or an error before the body begins' -Tag H5 {
            Skip-Unless -Linux -Program setpriv, prlimit
            $run = Start-Script -Shell $alone {
                $null = & $using:limitThreads 0
                try { Use-ExitHandler { 'body' } -OnExit { "exit block: $($_.Reason)" } }
                catch { "error: $($_.FullyQualifiedErrorId)" }
                'caller goes on'
            }
            $run | Assert-Run -OutputMatch '\A(body\nexit block: Completed|error: .+)\ncaller goes on\n\z'
        }

        It '20,000 signals during an exit block with room for 20 threads: it runs to its end' -Tag C10, H5 {
            Skip-Unless -Linux -Program setpriv, prlimit
            $run = Start-Script -Shell $alone -OpenInput -TimeLimit 60 {
                (Get-OlderHandler)::Register('SIGWINCH', '')
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                    $null = & $using:limitThreads 20
                    Out-Line 'exit block begins'
                    $null = [System.Console]::In.ReadLine()
                    Send-Signal WINCH
                    (Get-OlderHandler)::WaitForRun()
                    Out-Line 'exit block ends'
                }
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'exit block begins' | Send-Signal TERM, HUP -Count 10000 | Send-Line 'go on'
            $run | Assert-Run -Output ready, 'exit block begins', 'exit block ends', 'caller goes on'
        }
    }
}
