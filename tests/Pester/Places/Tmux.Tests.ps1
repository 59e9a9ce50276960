# tmux, with a server of its own in the run's directory. The test sees what an attached terminal shows.
Describe 'In tmux' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $tmux = 'sh', "$PSScriptRoot/start/tmux.sh", (Get-ShellPath)

        function Invoke-Tmux($Run, [string[]] $Command) {
            $text = tmux -S "$($Run.Directory)/tmux.sock" @Command 2>&1
            if ($LASTEXITCODE -ne 0) { throw "tmux $Command`: $text" }
        }

        $script = {
            Use-ExitHandler { Out-Line 'ready' -To log.txt; Wait-Forever } -OnExit {
                Out-Line "exit block: $($_.Signal)" -To log.txt
                Start-Sleep -Milliseconds 200
                Out-Line 'exit block ends' -To log.txt
            } -AfterSignal Exit
        }
    }

    It '<Command>: SIGHUP; the exit block runs to its end' -Tag A2, C15 -ForEach @(
        @{ Command = 'kill-pane' }
        @{ Command = 'kill-server' }
    ) {
        Skip-Unless -Linux -Program tmux
        $run = Start-Script -Shell $tmux -Terminal $script
        $null = $run | Wait-FileLine log.txt ready
        Invoke-Tmux $run $Command
        $run | Assert-Run -OutputMatch @() -File @{ 'log.txt' = 'ready', 'exit block: SIGHUP', 'exit block ends' } -Status 0, 1
    }

    It 'Ctrl+C in the pane: the exit block runs' -Tag A2, C15 {
        Skip-Unless -Linux -Program tmux
        $run = Start-Script -Shell $tmux -Terminal $script
        $run | Wait-FileLine log.txt ready | Send-CtrlC
        $run | Assert-Run -OutputMatch @() -File @{ 'log.txt' = 'ready', 'exit block: SIGINT', 'exit block ends' }
    }

    It 'the window around tmux is closed: the script goes on, and can be reached again' -Tag A1 {
        Skip-Unless -Linux -Program tmux
        $run = Start-Script -Shell $tmux -Terminal -LeftoverLimit 20 {
            Use-ExitHandler { Out-Line 'ready' -To log.txt; while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 } } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
        }
        $run | Wait-FileLine log.txt ready | Close-Terminal | Wait-Exit
        Invoke-Tmux $run has-session
        $null = New-Item -Path "$($run.Directory)/go"
        $run | Assert-Run -OutputMatch @() -File @{ 'log.txt' = 'ready', 'exit block: Completed' } -Status 0, 1, SIGHUP
    }

    It 'SIGKILL: the guard runs the exit block, although the pane has gone' -Tag E1, E3 {
        Skip-Unless -Linux -Program tmux
        $run = Start-Script -Shell $tmux -Terminal {
            . $using:guard
            Use-ExitHandler -Guard { Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt; 'nobody reads this'; Out-Line 'exit block ends' -To log.txt }
        }
        $run | Assert-Run -OutputMatch @() -File @{ 'log.txt' = 'exit block: Killed', 'exit block ends' }
    }
}
