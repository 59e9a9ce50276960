Describe 'Callbacks on the exit context''s Token' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'those that block for ever delay nothing: each signal counts, the exit blocks run, the caller goes on, the process ends' -Tag A2, D1 {
        $run = Start-Script {
            $never = [System.Threading.ManualResetEventSlim]::new()
            foreach ($number in 1..3) {
                Use-ExitHandler {
                    $null = $_.Token.Register([Action] $never.Wait)
                    "ready $number"
                    Wait-Forever
                } -OnExit { "exit ${number}: $($_.Signal)" }
            }
            'caller goes on'
        }
        $run | Wait-Line 'ready 1' | Send-Signal TERM | Wait-Line 'ready 2' | Send-Signal INT | Wait-Line 'ready 3' | Send-Signal HUP
        $run | Assert-Run -Output 'ready 1', 'exit 1: SIGTERM', 'ready 2', 'exit 2: SIGINT', 'ready 3', 'exit 3: SIGHUP', 'caller goes on'
    }

    It 'one that blocks for ever: after the scope a signal has its default effect' -Tag A2, A8 {
        $run = Start-Script {
            $never = [System.Threading.ManualResetEventSlim]::new()
            Use-ExitHandler {
                $null = $_.Token.Register([Action] $never.Wait)
                'ready'
                Wait-Forever
            } -OnExit { "exit: $($_.Signal)" }
            'no scope any more'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'no scope any more' | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit: SIGTERM', 'no scope any more' -Status SIGTERM
    }

    It 'one that blocks for ever, at the end of the process: the exit block runs, the process ends' -Tag C4 {
        $run = Start-Script {
            $never = [System.Threading.ManualResetEventSlim]::new()
            Use-ExitHandler {
                $null = $_.Token.Register([Action] $never.Wait)
                [Environment]::Exit(7)
            } -OnExit { Out-Line "exit: $($_.Reason)" }
        }
        $run | Assert-Run -Output 'exit: ProcessExit' -Status 7
    }

    It 'all compiled ones run, even if one fails, which is a warning' -Tag D1 {
        $run = Start-Script {
            $set, $disposed = 1..2 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new() }
            $disposed.Dispose()
            Use-ExitHandler {
                $null = $_.Token.Register([Action] $set.Set)
                $null = $_.Token.Register([Action] $disposed.Wait)
                Out-Line 'ready'
                Wait-Forever
            } -OnExit { "exit: $($_.Signal), called: $($set.Wait(10000))" }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        # The callbacks run beside the end of the body: the warning may come before the exit block or after it.
        $run | Assert-Run -OutputMatch '\Aready\n(?=(.*\n)*WARNING: .*Token failed)(?=(.*\n)*exit: SIGTERM, called: True\n)', '^caller goes on\n'
    }

    It 'a script block can''t run there: a warning says so, and what to do; the exit block runs, the caller goes on' -Tag D1 {
        $run = Start-Script {
            Use-ExitHandler {
                $null = $_.Token.Register({ Out-Line 'not reached' })
                Out-Line 'ready'
                Wait-Forever
            } -OnExit { "exit: $($_.Signal)" }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\Aready\n(?=(.*\n)*WARNING: .*callback.*Token.*Wait-ExitRequest)(?=(.*\n)*exit: SIGTERM\n)', '^caller goes on\n'
    }
}
