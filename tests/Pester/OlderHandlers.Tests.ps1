Describe 'Signal handlers that were there before' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the older handler runs once, after the exit block, and the caller goes on' -Tag A7 {
        $run = Start-Script {
            $older = Get-OlderHandler
            $older::Register('SIGHUP', 'older handler')
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit {
                'exit block begins'
                Start-Sleep -Milliseconds 100 # time in which a handler that did not wait would be seen
                'exit block ends'
            }
            $older::WaitForRun()
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal HUP
        $run | Assert-Run -Output ready, 'exit block begins', 'exit block ends', 'older handler', 'caller goes on'
    }

    It 'with nested scopes, it runs after the exit blocks of all of them' -Tag A7 {
        $run = Start-Script {
            $older = Get-OlderHandler
            $older::Register('SIGTERM', 'older handler')
            Use-ExitHandler {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'inner exit block' } -Append
            } -OnExit {
                Start-Sleep -Milliseconds 100 # time in which a handler that did not wait would be seen
                'outer exit block'
            }
            $older::WaitForRun()
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner exit block', 'outer exit block', 'older handler', 'caller goes on'
    }

    It 'signals that arrive while the same signal is being handled are passed to it once' -Tag A7 {
        $run = Start-Script -OpenInput {
            $older = Get-OlderHandler
            $older::Register('SIGTERM', 'older handler')
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit {
                'exit block begins'
                $null = [System.Console]::In.ReadLine()
                Start-Sleep -Milliseconds 300 # time for the last of the signals to be delivered
                'exit block ends'
            }
            $older::WaitForRun()
            Start-Sleep -Milliseconds 300 # time in which a second run would be seen
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Wait-Line 'exit block begins' | Send-Signal TERM -Count 5 | Send-Line 'go on'
        $run | Assert-Run -Output ready, 'exit block begins', 'exit block ends', 'older handler', 'caller goes on'
    }

    It 'after the scope it gets the signal as usual, and the signal has its default effect' -Tag A7 {
        $run = Start-Script {
            (Get-OlderHandler)::Register('SIGTERM', 'older handler')
            Use-ExitHandler { 'body' } -OnExit { 'exit block' }
            'ready'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output body, 'exit block', ready, 'older handler' -Status SIGTERM
    }

    Context 'SIGINT, where pwsh''s own Ctrl+C handler is one of them' {
        It 'Continue: they are held back; the caller goes on to its end' -Tag A7 {
            $run = Start-Script {
                (Get-OlderHandler)::Register('SIGINT', 'older handler')
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'exit block' }
                Start-Sleep -Milliseconds 300 # time in which pwsh's own handler, were it not held back, would stop this
                Out-Line 'caller goes on'
                [Environment]::Exit(0) # before the shell is through with the script
            }
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output ready, 'exit block', 'caller goes on'
        }

        It 'SIGQUIT, Continue: the same' -Tag A7 {
            $run = Start-Script {
                (Get-OlderHandler)::Register('SIGQUIT', 'older handler')
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit: $($_.Signal)" } -Signal SIGQUIT
                Start-Sleep -Milliseconds 300 # time in which pwsh's own handler, were it not held back, would stop this
                Out-Line 'caller goes on'
                [Environment]::Exit(0) # before the shell is through with the script
            }
            $run | Wait-Line ready | Send-Signal QUIT
            $run | Assert-Run -Output ready, 'exit: SIGQUIT', 'caller goes on'
        }

        It '<AfterSignal>: the script ends, and the older handler runs, after the exit block' -Tag A7 -ForEach @(
            @{ AfterSignal = 'Stop'; Status = 5 }
            @{ AfterSignal = 'Exit'; Status = 130 }
            @{ AfterSignal = 'Raise'; Status = 'SIGINT' }
        ) {
            $run = Start-Script {
                (Get-OlderHandler)::Register('SIGINT', 'older handler')
                try {
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' } -AfterSignal $using:AfterSignal
                    Out-Line 'not reached'
                }
                finally {
                    # The status of a stopped script is 0 or 1 by chance, with the shell alone too.
                    if ($using:AfterSignal -eq 'Stop') { $Host.SetShouldExit(5) }
                }
            }
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output ready, 'exit block', 'older handler' -Status $Status
        }

        It 'Continue at a prompt: the older handler runs when the shell is back at its prompt, which then works as before' -Tag A7 {
            $run = Start-Prompt
            $run | Send-Line '(Get-OlderHandler)::Register("SIGINT", "older " + "handler")' | Wait-Text '> '
            $run | Send-Line (
                "Use-ExitHandler { 'rea' + 'dy'; Wait-Forever } -OnExit { 'exit ' + 'block' }; 'caller ' + 'goes on'; " +
                "Get-OlderHandler | Out-Null; 'last ' + 'statement'")
            $run | Wait-Line ready | Send-CtrlC
            $run | Wait-Text 'older handler' | Send-Line "'next ' + 'command'; exit 4"
            $run | Assert-Run -OutputMatch '^ready$', '^exit block$', '^caller goes on$', '^last statement$', 'older handler$', '^next command$' -Status 4
        }
    }
}
