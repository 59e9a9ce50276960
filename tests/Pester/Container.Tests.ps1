Describe 'As process 1 of a container' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $container = 'unshare', '--user', '--map-root-user', '--pid', '--fork', (Get-ShellPath)

        $script = {
            param($After, $Signal)
            "process $PID"
            Use-ExitHandler {
                if ($Signal) { Send-Signal $Signal } else { 'ready' }
                Wait-Forever
            } -OnExit { "exit block: $($_.Signal) $($_.ExitCode)" } -AfterSignal $After
            'caller goes on'
        }
    }

    It 'a signal from within, -AfterSignal Continue: the caller goes on' -Tag C13 {
        Skip-Unless -Linux -Unshare
        $run = Start-Script -Shell $container -ArgumentList Continue, TERM $script
        $run | Assert-Run -Output 'process 1', 'exit block: SIGTERM 143', 'caller goes on'
    }

    # No signal of its own can end process 1.
    # What comes from within or without is handled alike: only Continue is tested with both, Exit from without by the example.
    It 'a signal from within, -AfterSignal <After>: it exits with 128 + n, SIG<Signal>' -Tag C13 -ForEach @(
        @{ After = 'Exit'; Signal = 'INT'; Status = 130 }
        @{ After = 'Raise'; Signal = 'TERM'; Status = 143 }
        @{ After = 'Raise'; Signal = 'INT'; Status = 130 }
        @{ After = 'Raise'; Signal = 'HUP'; Status = 129 }
    ) {
        Skip-Unless -Linux -Unshare
        $run = Start-Script -Shell $container -ArgumentList $After, $Signal $script
        $run | Assert-Run -Output 'process 1', "exit block: SIG$Signal $Status" -Status $Status
    }

    It 'a signal from outside, as docker stop sends it, -AfterSignal Continue: the caller goes on' -Tag C13 {
        Skip-Unless -Linux -Unshare
        $run = Start-Script -Shell $container -ArgumentList Continue $script
        $run | Wait-Line ready | Send-Signal TERM -FirstProcess
        $run | Assert-Run -Output 'process 1', 'ready', 'exit block: SIGTERM 143', 'caller goes on'
    }

    It 'the example container/worker.ps1: docker stop ends it at once, cleanly' -Tag C13 {
        Skip-Unless -Linux -Unshare
        $run = Start-Script -Shell $container -Path "$PSScriptRoot/../../examples/container/worker.ps1"
        $run | Wait-Line 'Working as process 1' | Send-Signal TERM -FirstProcess
        $run | Assert-Run -Output 'Working as process 1', 'Cleaned up after SIGTERM' -Status 143
    }
}
