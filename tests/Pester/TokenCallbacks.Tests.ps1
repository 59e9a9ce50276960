Describe 'Callbacks on the exit context''s Token' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'one that blocks for ever delays nothing: the exit block runs, the caller goes on, the process ends, SIG<_>' -Tag A2, D1 -ForEach TERM, INT, HUP {
        $run = Start-Script {
            $never = [System.Threading.ManualResetEventSlim]::new()
            Use-ExitHandler {
                $null = $_.Token.Register([Action] $never.Wait)
                'ready'
                Wait-Forever
            } -OnExit { "exit: $($_.Signal)" }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output ready, "exit: SIG$_", 'caller goes on'
    }

    It 'one that blocks for ever: later signals count, in a second scope and after it' -Tag A2, A8 {
        $run = Start-Script {
            $never = [System.Threading.ManualResetEventSlim]::new()
            foreach ($number in 1, 2) {
                Use-ExitHandler {
                    $null = $_.Token.Register([Action] $never.Wait)
                    "ready $number"
                    Wait-Forever
                } -OnExit { "exit ${number}: $($_.Signal)" }
            }
            'no scope any more'
            Wait-Forever
        }
        $run | Wait-Line 'ready 1' | Send-Signal TERM
        $run | Wait-Line 'ready 2' | Send-Signal TERM
        $run | Wait-Line 'no scope any more' | Send-Signal TERM
        $run | Assert-Run -Output 'ready 1', 'exit 1: SIGTERM', 'ready 2', 'exit 2: SIGTERM', 'no scope any more' -Status SIGTERM
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
