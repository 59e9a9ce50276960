# Read-Host waits in the terminal's driver, where no stop reaches it, and holds what the shell's host writes with.
Describe 'A body in Read-Host at a terminal' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'SIG<Signal>: the exit block runs in a rescue and can write; the process exits with <Status>; the terminal is as before' -Tag C3, C15 -ForEach @(
        @{ Signal = 'TERM'; Status = 143 }
        @{ Signal = 'HUP'; Status = 129 }
    ) {
        Skip-Unless -Program stty
        $script = {
            . $env:TEST_PRELUDE
            Out-Line "process $PID."
            Use-ExitHandler { Read-Host 'name' } -OnExit {
                "exit: $($_.Signal), rescue: $($_.IsRescue)"
                Write-Host 'the second line'
                Write-Warning 'the third line'
            } -StopTimeoutSeconds 0.5
            Out-Line 'not reached'
        }
        $run = Start-Program sh @(
            '-c'
            'stty -a > before; "$0" -NoProfile -Command "$1"; echo "status: $?"; stty -a > after; cmp before after && echo "the terminal is as before"'
            (Get-ShellPath), "$script"
        ) -Terminal -Environment @{ TEST_PRELUDE = "$PSScriptRoot/Harness/prelude.ps1" }
        $run | Wait-Text -Match 'process (\d+)\.' | Wait-Text 'name: '
        $run | Send-Signal $Signal -Id @($run.Found)[1]
        $run | Assert-Run -OutputMatch @(
            "exit: SIG$Signal, rescue: True\n"
            '\Gthe second line\n'
            '\GWARNING: the third line\n'
            "\Gstatus: $Status\n"
            '\Gthe terminal is as before\n?\z'
        )
    }

    It 'an answer that comes after the rescue frees the body: the caller goes on' -Tag C3, C15 {
        $run = Start-Script -Terminal {
            Use-ExitHandler { $answer = Read-Host 'name' } -OnExit {
                Out-Line "exit: $($_.Signal), rescue: $($_.IsRescue)"
            } -StopTimeoutSeconds 5
            Out-Line 'caller goes on'
        }
        $run | Wait-Text 'name: ' | Send-Signal TERM | Wait-Text 'exit: SIGTERM, rescue: True' | Send-Line 'late'
        $run | Assert-Run -OutputMatch 'exit: SIGTERM, rescue: True\n', '^caller goes on\n?\z'
    }
}
