Describe 'A storm of signals' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # Signals are taken in the order in which they came: when a harmless one has been, those before it have been too.
        function Start-StormScript {
            Start-Script -OpenInput -TimeLimit 60 {
                (Get-OlderHandler)::Register('SIGWINCH', '')
                Use-ExitHandler {
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit {
                    Out-Line 'exit block begins'
                    Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
                    Send-Signal WINCH
                    (Get-OlderHandler)::WaitForRun()
                    Out-Line 'exit block ends'
                }
                Out-Line 'caller goes on'
            }
        }

        $expected = 'ready', 'exit block begins', 'exit block goes on: go on', 'exit block ends', 'caller goes on'
    }

    It 'during the body, <Name>: one exit, the exit block once' -Tag C10 -ForEach @(
        @{ Name = '400 of two kinds'; Signals = 'TERM', 'HUP'; Count = 200 }
        @{ Name = '600 of three kinds, which is one Ctrl+C'; Signals = 'TERM', 'HUP', 'INT'; Count = 200 }
    ) {
        $run = Start-StormScript
        $run | Wait-Line ready | Send-Signal $Signals -Count $Count | Wait-Line 'exit block begins' | Send-Line 'go on'
        $run | Assert-Run -Output $expected
    }

    It 'during the exit block, 400 of two kinds: it runs once, to its end' -Tag C10 {
        $run = Start-StormScript
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line 'exit block begins' | Send-Signal TERM, HUP -Count 200 | Send-Line 'go on'
        $run | Assert-Run -Output $expected
    }
}
