# Registered handlers and signals: at work, at the prompt, beside scopes.

Describe 'A signal and registered handlers' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'while a script runs' {
        It 'SIG<Signal>, <How>: the script is stopped, its finally runs, the handlers run, the process exits with <Status>' -Tag F3, F4 -ForEach @(
            @{ Signal = 'TERM'; Status = 143; How = '-File' }
            @{ Signal = 'HUP'; Status = 129; How = '-Command' }
            @{ Signal = 'INT'; Status = 130; How = '-File' }
            @{ Signal = 'INT'; Status = 130; How = '-Command' }
        ) {
            $run = Start-Script -AsCommand:($How -eq '-Command') {
                # On a busy machine the script may take its time to unwind.
                Register-ExitHandler { "first: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -StopTimeoutSeconds 10
                Register-ExitHandler { 'second' }
                try { 'ready'; Wait-Forever } finally { Out-Line 'finally' }
                'not reached'
            }
            $run | Wait-Line ready | Send-Signal $Signal
            $run | Assert-Run -Output ready, finally, second, "first: Signal SIG$Signal $Status" -Status $Status
        }

        It 'by the signal itself with -AfterSignal Raise, SIG<_>' -Tag F3 -ForEach TERM, INT, HUP {
            $run = Start-Script { Register-ExitHandler { 'exit' } -AfterSignal Raise; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal $_
            $run | Assert-Run -Output ready, exit -Status "SIG$_"
        }

        It 'a signal that no handler names has its usual effect' -Tag F3 {
            Skip-Unless -Unix # Windows ends the process, but with 0
            $run = Start-Script { Register-ExitHandler { 'never' } -Signal INT; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready -Status SIGTERM
        }

        It 'SIGQUIT ends a script under -NonInteractive: its finally runs, the handlers run, the status is the shell''s own' -Tag F3, F8 {
            $run = Start-Script {
                Register-ExitHandler { "handler: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -StopTimeoutSeconds 10
                try { 'ready'; Wait-Forever } finally { Out-Line 'finally' }
                'not reached'
            }
            $run | Wait-Line ready | Send-Signal QUIT
            $run | Assert-Run -Output ready, finally, 'handler: Signal SIGQUIT 1' -Status 1
        }

        It 'SIGQUIT when the handlers have been unregistered: as without the module' -Tag F3, F7 {
            Skip-Unless -Unix
            $run = Start-Script {
                Register-ExitHandler { 'never' } -PassThru | Unregister-ExitHandler
                try { 'ready'; Wait-Forever } finally { Out-Line 'finally' }
            }
            $run | Wait-Line ready | Send-Signal QUIT
            # pwsh itself returns one or the other by chance.
            $run | Assert-Run -Output ready, finally -Status 0, 1
        }

        It 'after Unregister-ExitHandler signals have their usual effect' -Tag F7 {
            Skip-Unless -Unix
            $run = Start-Script { Register-ExitHandler { 'never' } -PassThru | Unregister-ExitHandler; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready -Status SIGTERM
        }

        It 'any that -Signal names: SIGUSR1' -Tag F3 {
            Skip-Unless -Unix
            $run = Start-Script { Register-ExitHandler { "exit: $($_.Signal)" } -Signal USR1; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal USR1
            $run | Assert-Run -Output ready, 'exit: SIGUSR1' -Status 138
        }

        It 'older handlers still run, after these' -Tag F3 {
            Skip-Unless -Unix
            $run = Start-Script {
                (Get-OlderHandler)::Register('SIGTERM', 'older handler')
                Register-ExitHandler { Out-Line 'exit' }
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, exit, 'older handler' -Status 143
        }

        It 'further signals change nothing; a storm ends it once' -Tag F3 {
            $run = Start-Script { Register-ExitHandler { Out-Line 'begins'; Start-Sleep -Milliseconds 500; 'exit' }; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Wait-Line begins | Send-Signal TERM, HUP -Count 50
            $run | Assert-Run -Output ready, begins, exit -Status 143
        }

        It 'the third Ctrl+C abandons a handler' -Tag F3 {
            $run = Start-Script { Register-ExitHandler { Out-Line 'begins'; Start-Sleep 20; 'never' } -ExitTimeoutSeconds 25; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Send-Signal INT
            $run | Wait-Line begins
            Start-Sleep -Milliseconds 400 # Two within 300 ms count as one.
            $run | Send-Signal INT | Wait-Text 'once more'
            Start-Sleep -Milliseconds 400
            $run | Send-Signal INT | Assert-Run -OutputMatch begins, 'once more' -Status 130 -Within 3
        }

        It 'the third Ctrl+C abandons a handler that runs because the process exits; the others run' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { 'older' }
                Register-ExitHandler { Out-Line 'begins'; Start-Sleep 20; 'never' } -ExitTimeoutSeconds 25
                [Environment]::Exit(3)
            }
            $run | Wait-Line begins | Send-Signal INT
            Start-Sleep -Milliseconds 400 # Two within 300 ms count as one.
            $run | Send-Signal INT | Wait-Text 'once more'
            Start-Sleep -Milliseconds 400
            $run | Send-Signal INT | Assert-Run -OutputMatch begins, 'once more', older -Status 130 -Within 10
        }

        It 'Send-ExitRequest: the same as for that signal' -Tag F3 {
            $run = Start-Script { Register-ExitHandler { "exit: $($_.Signal)" }; 'before'; Send-ExitRequest; 'not reached' }
            $run | Assert-Run -Output before, 'exit: SIGTERM' -Status 143
        }
    }

    Context 'registering only adds' {
        It 'a signal that a scope takes is that scope''s; the handlers wait for the end' -Tag F3 {
            $run = Start-Script {
                Register-ExitHandler { "handler: $($_.Reason) $($_.Signal)".TrimEnd() }
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'caller goes on', 'handler: Completed' -Status 0
        }

        It 'a scope with -AfterSignal <After>, SIG<Signal>: its exit blocks, the finally blocks, then the handlers' -Tag F3 -ForEach @(
            @{ After = 'Exit'; Signal = 'TERM'; Status = 143 }
            @{ After = 'Exit'; Signal = 'INT'; Status = 130 }
            @{ After = 'Raise'; Signal = 'TERM'; Status = 'SIGTERM' }
        ) {
            $run = Start-Script {
                Register-ExitHandler { Out-Line "handler: $($_.Reason) $($_.Signal)" }
                try { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' } -AfterSignal $using:After } finally { Out-Line 'finally' }
                'not reached'
            }
            $run | Wait-Line ready | Send-Signal $Signal
            $run | Assert-Run -Output ready, 'exit block', finally, "handler: Signal SIG$Signal" -Status $Status
        }

        It 'a scope that does not listen: its exit block, then the handlers' -Tag F3 {
            $run = Start-Script {
                Register-ExitHandler { "handler: $($_.Signal)" }
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" } -Signal INT
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit block: Stopped', 'handler: SIGTERM' -Status 143
        }
    }

    It 'SIGINT while an exit block runs after SIGHUP, -AfterSignal <_>: the shell''s own handler does not close the session' -Tag C7, F3 -ForEach Exit, Raise {
        $run = Start-Script {
            param($after)
            Register-ExitHandler { 'handler'; Start-Sleep -Milliseconds 500; 'handler ends' }
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'exit block'; Start-Sleep -Milliseconds 300; 'ends' } -AfterSignal $after
        } -ArgumentList $_
        $run | Wait-Line ready | Send-Signal HUP | Wait-Line 'exit block' | Send-Signal INT
        $run | Wait-Line handler | Send-Signal INT
        $status = if ($_ -eq 'Exit') { 129 } else { 'SIGHUP' }
        $run | Assert-Run -Output ready, 'exit block', ends, handler, 'handler ends' -Status $status
    }

    Context 'at an interactive prompt' {
        It 'Ctrl+C ends the command as usual, and no handler runs' -Tag F4 {
            $run = Start-Prompt
            $run | Send-Line 'Register-ExitHandler { "hand" + "ler" }; "rea" + "dy"; while ($true) { Start-Sleep 1 }' | Wait-Line ready
            $run | Send-CtrlC | Wait-Text '> '
            $run | Send-Line '"prompt " + "again"' | Wait-Line 'prompt again'
            $run | Send-Line 'exit' | Wait-Line handler | Assert-Run -OutputMatch 'prompt again', '(?m)^handler' -Status 0
        }

        It 'SIG<Signal> at the idle prompt: the handlers run, then <Status>' -Tag F5 -ForEach @{ Signal = 'TERM'; Status = 143 }, @{ Signal = 'HUP'; Status = 129 } {
            $run = Start-Prompt
            $run | Send-Line '$file = "$env:TEST_TEMP/made"; Register-ExitHandler { Set-Content -LiteralPath $file -Value $_.Signal }; "rea" + "dy"' | Wait-Line ready
            $run | Wait-Text '> ' | Send-Signal $Signal
            $run | Assert-Run -OutputMatch ready -File @{ made = "SIG$Signal" } -Status $Status
        }

        It 'the closed terminal' -Tag F5 {
            $run = Start-Prompt
            $run | Send-Line 'Register-ExitHandler { Set-Content -LiteralPath "$env:TEST_TEMP/made" -Value $_.Signal }; "rea" + "dy"' | Wait-Line ready
            $run | Wait-Text '> ' | Close-Terminal
            $run | Assert-Run -OutputMatch ready -File @{ made = 'SIGHUP' } -Status 129
        }

        It 'SIGTERM while a command runs: it is stopped, the handlers run, there is no further prompt' -Tag F3 {
            $run = Start-Prompt
            $run | Send-Line 'Register-ExitHandler { "handler: " + $_.Signal }; try { "rea" + "dy"; while ($true) { Start-Sleep 1 } } finally { [Console]::WriteLine("fin" + "ally") }' | Wait-Line ready
            $run | Send-Signal TERM | Wait-Line finally | Wait-Line 'handler: SIGTERM'
            $run | Assert-Run -OutputMatch '(?m)^finally', '(?m)^handler: SIGTERM' -Status 143
        }
    }
}
