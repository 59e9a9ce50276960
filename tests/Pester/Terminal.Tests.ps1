Describe 'At a terminal' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'a scope begun at the prompt' {
        It 'Ctrl+C: the exit block and the next statement run, also for the next scope; then Ctrl+C clears a half-typed line and stops a loop' -Tag C15 {
            $run = Start-Prompt
            foreach ($i in 1, 2) {
                $run | Send-Line "Use-ExitHandler { 'rea' + 'dy $i'; Start-Sleep 1000 } -OnExit { 'exit block $i' + ': ' + `$_.Signal }; 'next ' + 'statement $i'"
                $run | Wait-Line "ready $i" | Send-CtrlC | Wait-Line "next statement $i" | Wait-Text '> '
            }
            $run | Send-Text '$halfTyped = 5; ' | Wait-Text '$halfTyped = 5; ' | Send-CtrlC | Wait-Text '> '
            $run | Send-Line "'line ' + 'of its own'" | Wait-Line 'line of its own' | Wait-Text '> '
            $run | Send-Line "'loop' + 'ing'; while (`$true) { }; `$halfTyped = 6" | Wait-Line looping | Send-CtrlC | Wait-Text '> '
            $run | Send-Line "'still ' + 'here'" | Wait-Line 'still here' | Send-Line 'exit 3 + $halfTyped'
            $run | Assert-Run -Status 3 -OutputMatch @(
                '^ready 1$', 'exit block 1: SIGINT$', '^next statement 1$'
                '^ready 2$', 'exit block 2: SIGINT$', '^next statement 2$'
                '^line of its own$', '^looping$', '^still here$'
            )
        }

        It 'SIGTERM: the exit block runs, the prompt is back; without a scope SIGTERM has its default effect' -Tag C15 {
            $run = Start-Prompt
            $run | Send-Line "Use-ExitHandler { 'rea' + 'dy'; Start-Sleep 1000 } -OnExit { 'exit block' + ': ' + `$_.Signal }; 'next ' + 'statement'"
            $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'next statement' | Wait-Text '> '
            $run | Send-Line "'still ' + 'here'" | Wait-Line 'still here' | Send-Signal TERM
            $run | Assert-Run -OutputMatch '^ready$', 'exit block: SIGTERM$', '^next statement$', '^still here$' -Status SIGTERM
        }

        It '-AfterSignal Exit, Ctrl+C: the shell ends' -Tag C15 {
            $run = Start-Prompt
            $run | Send-Line "Use-ExitHandler { 'rea' + 'dy'; Start-Sleep 1000 } -OnExit { 'exit block' + ': ' + `$_.Signal } -AfterSignal Exit; 'next ' + 'statement'"
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -OutputMatch '\A(?![\s\S]*^next statement$)', '^ready$', 'exit block: SIGINT$' -Status 130
        }

        It 'Ctrl+C while Read-Host waits counts as SIGINT; line editing is as before' -Tag C15 {
            Skip-Unless -Linux
            $run = Start-Prompt
            $run | Send-Line "Use-ExitHandler { Show-LineWhen Blocked ('rea' + 'dy'); Read-Host question } -OnExit { 'exit block' + ': ' + `$_.Signal }; 'next ' + 'statement'"
            $run | Wait-Text -Match '^.*ready$' | Send-CtrlC | Wait-Line 'next statement' | Wait-Text '> '
            $run | Send-Line "'still ' + 'herX'`u{7f}`u{7f}e'" | Wait-Line 'still here' | Send-Line 'exit 4'
            $run | Assert-Run -OutputMatch 'exit block: SIGINT$', '^next statement$', '^still here$' -Status 4
        }
    }

    Context 'a scope in a script' {
        It 'Ctrl+C ends the scope; the exit block runs; the script goes on' -Tag C15 {
            $run = Start-Script -Terminal {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -OutputMatch '^ready$', 'exit block: Signal SIGINT 130$', '^caller goes on$'
        }

        It '-AfterSignal Stop: finally blocks run, the script ends as by Ctrl+C' -Tag C15 {
            $run = Start-Script -Terminal {
                Start-Sleep -Milliseconds 0 # loads the command: a stop amid that would leave it unknown
                try {
                    Use-ExitHandler {
                        try { Out-Line 'ready'; Wait-Forever } finally { Out-Line 'finally of the body' }
                    } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal Stop
                    Out-Line 'caller goes on'
                }
                finally {
                    Start-Sleep -Milliseconds 100 # a process that did not wait would be gone
                    Out-Line 'finally of the caller'
                }
            }
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -Status 0, 1 -OutputMatch @(
                '\A(?![\s\S]*caller goes on)'
                '^ready$'
                'finally of the body$'
                'exit block: Signal SIGINT 130$'
                '^finally of the caller$'
            )
        }

        It 'Ctrl+C while Read-Host waits, which the terminal delivers as a key, counts as SIGINT' -Tag C15 {
            Skip-Unless -Linux
            $run = Start-Script -Terminal {
                Use-ExitHandler {
                    Show-LineWhen Blocked
                    $answer = Read-Host 'question'
                    Out-Line "not reached: '$answer'"
                } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                Out-Line 'caller goes on'
            }
            $run | Wait-Text ready | Send-CtrlC
            $run | Assert-Run -OutputMatch '\A(?![\s\S]*not reached)', 'exit block: Signal SIGINT 130$', '^caller goes on$'
        }

        It 'Ctrl+C while a native command runs: the terminal signals both; the exit block runs, the caller goes on' -Tag C15 {
            # Which of the two is told first, the command's end or the signal, is up to the system: see the known gap in docs/design.md.
            # So the next statement may begin, but the signal ends it.
            $run = Start-Script -Terminal {
                foreach ($round in 1..5) {
                    Use-ExitHandler {
                        /bin/sh -c "echo ready $round; exec sleep 100"
                        Wait-Forever
                    } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal)" }
                }
                Out-Line 'caller goes on'
            }
            foreach ($round in 1..5) { $run | Wait-Line "ready $round" | Send-CtrlC }
            $run | Assert-Run -OutputMatch (@('exit block: Signal SIGINT$') * 5 + '^caller goes on$')
        }

        It 'three Ctrl+C: the first ends the body, the second warns, the third abandons the exit block' -Tag C15 {
            $run = Start-Script -Terminal {
                Use-ExitHandler {
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit {
                    Out-Line "exit block begins: $($_.Signal)"
                    # What comes within 300 ms counts once: between two of these lines there is more.
                    while ($true) { Start-Sleep -Milliseconds 400; Out-Line 'exit block goes on' }
                }
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-CtrlC
            $run | Wait-Text 'exit block begins: SIGINT' | Wait-Line 'exit block goes on' | Send-CtrlC
            $run | Wait-Text 'Press Ctrl+C once more' | Wait-Line 'exit block goes on' | Wait-Line 'exit block goes on' | Send-CtrlC
            $run | Assert-Run -Status 130 -OutputMatch @(
                '\A(?![\s\S]*caller goes on)'
                '^ready$'
                'exit block begins: SIGINT$'
                'WARNING: The exit block is still running\. Press Ctrl\+C once more to abandon it\.$'
            )
        }
    }
}
