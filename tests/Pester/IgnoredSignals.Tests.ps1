Describe 'A signal that the shell inherits as ignored' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $script = {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
            'ready again'
            Wait-Forever
        }
    }

    It 'stays ignored, while the scope runs and afterwards: <_>' -Tag C11 -ForEach 'INT', 'HUP', 'INT HUP' {
        $ignored = -split $_
        $run = Start-Script -Ignored $ignored $script
        $run | Wait-Line ready | Send-Signal ($ignored + 'TERM') | Wait-Line 'ready again' | Send-Signal ($ignored + 'TERM')
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'ready again' -Status TERM
    }

    It 'does not end a scope that listens to nothing else' -Tag C11 {
        $run = Start-Script -Ignored INT, HUP -OpenInput {
            Use-ExitHandler {
                Out-Line 'ready'
                Out-Line "body goes on: $([System.Console]::In.ReadLine())"
            } -OnExit { Out-Line "exit block: $($_.Reason)" } -Signal INT, HUP
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal INT, HUP, INT | Send-Line 'go on'
        $run | Assert-Run -Output ready, 'body goes on: go on', 'exit block: Completed', 'caller goes on'
    }

    It 'does not affect the others: with SIGINT ignored, SIGHUP ends the scope' -Tag C11 {
        $run = Start-Script -Ignored INT $script
        $run | Wait-Line ready | Send-Signal HUP | Wait-Line 'ready again' | Send-Signal INT, TERM
        $run | Assert-Run -Output ready, 'exit block: SIGHUP', 'ready again' -Status TERM
    }

    It 'stays ignored as set by nohup and by & in sh: <Name>' -Tag C11 -ForEach @(
        @{ Name = 'nohup, SIGHUP'; Shell = 'nohup'; Ignored = 'HUP' }
        @{ Name = 'sh -c "… &", SIGINT'; Shell = 'sh', '-c', '"$0" "$@" & echo $! >shell; wait $! 2>/dev/null'; Ignored = 'INT' }
    ) {
        $run = Start-Script -Shell (@($Shell) + (Get-ShellPath)) $script
        $null = $run | Wait-Line ready
        $id = if ($Ignored -eq 'INT') { [int] [IO.File]::ReadAllText("$($run.Directory)/shell") } else { $run.Id }
        $run | Send-Signal $Ignored, TERM -Id $id | Wait-Line 'ready again' | Send-Signal $Ignored, TERM -Id $id
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'ready again' -Status TERM, 143
    }
}
