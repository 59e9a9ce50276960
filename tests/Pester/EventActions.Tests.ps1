Describe 'Actions of engine events' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'SIGTERM while an action of Register-ObjectEvent runs in the body: the exit block comes first, once; -Guard:<_>' -Tag A2 -ForEach $false, $true {
        $run = Start-Script {
            $global:turn = 0
            $timer = [System.Timers.Timer]::new(10)
            $timer.AutoReset = $false
            $null = Register-ObjectEvent $timer Elapsed -Action {
                $global:turn++
                Out-Line "action, turn $global:turn"
                if ($global:turn -eq 1) { Wait-Forever }
            }
            Use-ExitHandler { $timer.Start(); while ($true) { Start-Sleep -Milliseconds 10 } } -OnExit { Out-Line "exit: $($_.Signal), rescue: $($_.IsRescue)" } -Guard:$using:_
            Out-Line 'caller goes on'
        }
        $run | Wait-Line 'action, turn 1' | Send-Signal TERM
        # The engine runs an action that was stopped once more; it may do so as soon as the exit block has ended.
        $run | Assert-Run -OutputMatch '\Aaction, turn 1\nexit: SIGTERM, rescue: False\n(action, turn 2\n)?caller goes on\n(action, turn 2\n?)?\z'
    }

    It 'SIGTERM while an action runs that never ends: the engine''s second run of the action does not delay the exit block' -Tag A2 {
        $run = Start-Script {
            $timer = [System.Timers.Timer]::new(10)
            $timer.AutoReset = $false
            $null = Register-ObjectEvent $timer Elapsed -Action { Out-Line 'action'; Wait-Forever }
            Use-ExitHandler { $timer.Start(); while ($true) { Start-Sleep -Milliseconds 10 } } -OnExit { Out-Line "exit: $($_.Signal)" } -AfterSignal Exit
            Out-Line 'not reached'
        }
        $run | Wait-Line action | Send-Signal TERM
        $run | Assert-Run -Output action, 'exit: SIGTERM' -Status 143
    }

    It 'a scope in an action of PowerShell.Exiting: its body and its exit block run' -Tag A1 {
        $run = Start-Script {
            $null = Register-EngineEvent PowerShell.Exiting -Action {
                Out-Line 'the shell ends'
                Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line "exit: $($_.Reason)" }
                Out-Line 'action goes on'
            }
            'script ends'
        }
        $run | Assert-Run -Output 'script ends', 'the shell ends', 'body', 'exit: Completed', 'action goes on'
    }
}
