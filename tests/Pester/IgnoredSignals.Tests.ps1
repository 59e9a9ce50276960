Describe 'A signal that the shell inherits as ignored' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $script = {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
            'ready again'
            Wait-Forever
        }
    }

    It 'stays ignored, while the scope runs and afterwards, and the others do not: <Name>' -Tag C11 -ForEach @(
        @{ Name = 'SIGINT and SIGHUP'; Shell = @(); Ignored = 'INT', 'HUP'; Other = 'TERM'; Status = 'TERM' }
        @{ Name = 'SIGHUP, by nohup'; Shell = @('nohup'); Ignored = @('HUP'); Other = 'INT'; Status = 'TERM' }
        @{ Name = 'SIGINT, by sh -c "… &"'; Shell = 'sh', '-c', '"$0" "$@" & echo $! >shell; wait $! 2>/dev/null'; Ignored = @('INT'); Other = 'HUP'; Status = 143 }
    ) {
        $run = if ($Shell) { Start-Script -Shell ($Shell + (Get-ShellPath)) $script } else { Start-Script -Ignored $Ignored $script }
        $null = $run | Wait-Line ready
        $id = $Shell -contains 'sh' ? [int] [IO.File]::ReadAllText("$($run.Directory)/shell") : $run.Id
        $run | Send-Signal ($Ignored + $Other) -Id $id | Wait-Line 'ready again' | Send-Signal ($Ignored + 'TERM') -Id $id
        $run | Assert-Run -Output ready, "exit block: SIG$Other", 'ready again' -Status $Status
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
}
