Describe 'A signal while an exit block runs' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $warning = 'WARNING: The exit block is still running. Press Ctrl+C once more to abandon it.'

        # An exit block that prints each line that it reads once nothing of a Ctrl+C before counts as the same any more, and
        # one of a scope around it.
        $exitBlock = {
            Out-Line "exit block begins: $($_.Reason)"
            while ($line = [System.Console]::In.ReadLine()) {
                Start-Sleep -Milliseconds 400
                Out-Line $line
            }
            Out-Line 'exit block ends'
        }
    }

    Context 'Ctrl+C' {
        # Further SIGTERMs and SIGHUPs count for nothing.
        It 'after SIG<First>: the third abandons it, but not the exit block of an outer scope; the process exits with 130' -Tag C7 -ForEach @(
            @{ First = 'INT'; Second = 'INT' }
            @{ First = 'TERM'; Second = 'INT', 'INT' }
        ) {
            $run = Start-Script -OpenInput {
                Use-ExitHandler {
                    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit $using:exitBlock -Append
                    Out-Line 'not reached'
                } -OnExit { Out-Line 'outer exit block' }
                # The process is on its way out; whether this is reached is a matter of time.
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal $First | Wait-Line 'exit block begins: Signal' | Send-Line 'first'
            $null = $run | Wait-Line 'first'
            foreach ($signal in $Second | Select-Object -Skip 1) {
                $run | Send-Signal $signal | Send-Signal TERM, HUP -Count 10 | Send-Line 'more'
                $null = $run | Wait-Line 'more'
            }

            $run | Send-Signal INT | Wait-Line $warning | Send-Line 'last'
            $run | Wait-Line 'last' | Send-Signal INT
            $run | Assert-Run -Output @(
                'ready', 'exit block begins: Signal', 'first'
                if ($Second.Count -gt 1) { 'more' }
                $warning, 'last', 'outer exit block'
            ) -Status 130
        }

        It 'the body has ended by itself: the second warns, the third abandons it' -Tag C7 {
            $run = Start-Script -OpenInput {
                Use-ExitHandler {
                    Use-ExitHandler { } -OnExit $using:exitBlock -Append
                    Out-Line 'not reached'
                } -OnExit { Out-Line 'outer exit block' }
                Wait-Forever
            }
            $run | Wait-Line 'exit block begins: Completed' | Send-Signal INT | Send-Line 'first'
            $run | Wait-Line 'first' | Send-Signal INT | Wait-Line $warning | Send-Line 'second'
            $run | Wait-Line 'second' | Send-Signal INT
            $run | Assert-Run -Output 'exit block begins: Completed', 'first', $warning, 'second', 'outer exit block' -Status 130
        }

        It 'the process is exiting: the third abandons it, the exit block of an outer scope runs, and the status is 130' -Tag C4, C7 {
            $run = Start-Script -OpenInput {
                Use-ExitHandler {
                    Use-ExitHandler { [Environment]::Exit(3) } -OnExit $using:exitBlock -ExitTimeoutSeconds 20 -Append
                } -OnExit { Out-Line 'outer exit block' }
            }
            $run | Wait-Line 'exit block begins: ProcessExit' | Send-Signal INT | Send-Line 'first'
            $run | Wait-Line 'first' | Send-Signal INT | Wait-Line $warning | Send-Line 'second'
            $run | Wait-Line 'second' | Send-Signal INT
            $run | Assert-Run -Output 'exit block begins: ProcessExit', 'first', $warning, 'second', 'outer exit block' -Status 130 -Within 10
        }

        # A wrapper that forwards the signal to a group which has it already, timeout --foreground.
        It 'three without a pause count once: those to the body as the first; those to the exit block as the second, which warns and does not interrupt it' -Tag C7 {
            $run = Start-Script -OpenInput {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit $using:exitBlock
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal INT -Count 3 | Wait-Line 'exit block begins: Signal' | Send-Line 'a while later'
            $run | Wait-Line 'a while later' | Send-Signal INT -Count 3 | Wait-Line $warning | Send-Line 'and later'
            $run | Wait-Line 'and later' | Close-Input
            $run | Assert-Run -Output ready, 'exit block begins: Signal', 'a while later', $warning, 'and later', 'exit block ends', 'caller goes on'
        }
    }

    It 'any number of SIGTERM and SIGHUP neither interrupts nor abandons it' -Tag C7 {
        $run = Start-Script -OpenInput {
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit $using:exitBlock
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'exit block begins: Signal' | Send-Line 'a while later'
        # If they counted as Ctrl+C does, the first of these would be the second one, which warns.
        $run | Wait-Line 'a while later' | Send-Signal TERM, HUP -Count 30 | Send-Line 'goes on'
        $run | Wait-Line 'goes on' | Send-Signal TERM, HUP -Count 30 | Send-Line 'goes on again'
        $run | Wait-Line 'goes on again' | Close-Input
        $run | Assert-Run -Output ready, 'exit block begins: Signal', 'a while later', 'goes on', 'goes on again', 'exit block ends', 'caller goes on'
    }

    It 'the body has ended by itself, SIGTERM: it runs to its end; the signal ends the outer scope' -Tag C7 {
        $run = Start-Script -OpenInput {
            Use-ExitHandler {
                $outer = $_
                Use-ExitHandler { Out-Line 'body' } -OnExit {
                    Out-Line 'exit block begins'
                    $null = $outer.Token.WaitHandle.WaitOne(20000) # the signal has arrived
                    Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
                } -Append
                Out-Line 'not reached'
            } -OnExit { Out-Line "outer exit block: $($_.Signal)" } -ExitTimeoutSeconds 1
            Out-Line 'caller goes on'
        }
        $run | Wait-Line 'exit block begins' | Send-Signal TERM | Send-Line 'go on'
        $run | Assert-Run -Output 'body', 'exit block begins', 'exit block goes on: go on', 'outer exit block: SIGTERM', 'caller goes on'
    }
}
