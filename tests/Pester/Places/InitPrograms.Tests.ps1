# Process 1 of a container is often an init program, with the shell as its child: docker run --init and the like.
BeforeDiscovery {
    $inits = @(
        @{ Name = 'tini'; Command = 'tini', '--'; Programs = , 'tini'; Afters = 'Continue', 'Raise' }
        @{ Name = 'tini -g'; Command = 'tini', '-g', '--'; Programs = , 'tini'; Afters = , 'Exit' }
        @{ Name = 'dumb-init'; Command = , 'dumb-init'; Programs = , 'dumb-init'; Afters = 'Continue', 'Raise' }
    )
}

Describe 'Under an init program as process 1: <Name>' -Tag Contract, H4 -ForEach $inits {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $namespace = 'unshare', '--user', '--map-root-user', '--pid', '--fork'
        $shell = $namespace + $Command + (Get-ShellPath)
    }

    It 'its stop, SIGTERM to process 1, -AfterSignal <_>: the exit block runs, then the script goes on, or the status is 143' -Tag A2, C14 -ForEach $Afters {
        Skip-Unless -Linux -Unshare -Program $Programs
        $run = Start-Script -Shell $shell {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" } -AfterSignal $using:_
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM -FirstProcess
        $run | Assert-Run -Output @('ready', 'exit block: SIGTERM'; if ($_ -eq 'Continue') { 'caller goes on' }) -Status ($_ -eq 'Continue' ? 0 : 143)
    }

    # The init ends with its child, and the kernel then ends whatever else is in the container.
    It 'SIGKILL to the shell: a guard cannot run the exit block, as docs/places.md says' -Tag E1 {
        Skip-Unless -Linux -Unshare -Program $Programs
        $run = Start-Script -Shell $shell {
            Use-ExitHandler -Guard { 'ready'; Send-Signal KILL; Wait-Forever } -OnExit { Out-Line 'exit block' -To log.txt }
        }
        $run | Assert-Run -Output ready -File @{ 'log.txt' = @() } -Status 137
    }
}

Describe 'Process 1 that outlives the shell: examples/container/entrypoint.sh' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $shell = 'unshare', '--mount', '--pid', '--fork', '--mount-proc', "$PSScriptRoot/../../../examples/container/entrypoint.sh", (Get-ShellPath)
    }

    It 'SIGTERM, as docker stop sends it: the exit block runs, and the status is the shell''s' -Tag A2 {
        Skip-Unless -Linux -Root
        $run = Start-Script -Shell $shell {
            Use-ExitHandler -AfterSignal Exit { "ready: process $PID"; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
        }
        $run | Wait-Text -Match '^ready: process (\d+)$' | Send-Signal TERM -FirstProcess
        $run | Assert-Run -OutputMatch '\Aready: process [^1]\d*\nexit block: SIGTERM\n\z' -Status 143
    }

    It 'a script that ends by itself: its status' -Tag A1 {
        Skip-Unless -Linux -Root
        $run = Start-Script -Shell $shell { Use-ExitHandler { 'body'; exit 7 } -OnExit { "exit block: $($_.Reason)" } }
        $run | Assert-Run -Output body, 'exit block: Exit' -Status 7
    }

    It 'SIGKILL to the shell: the guard runs the exit block to its end' -Tag E1 {
        Skip-Unless -Linux -Root
        $run = Start-Script -Shell $shell {
            . $using:guard
            Use-ExitHandler -Guard { Wait-Guard; 'ready'; Send-Signal KILL; Wait-Forever } -OnExit {
                Out-Line "exit block: $($_.Reason)"
                Start-Sleep -Milliseconds 300
                Out-Line 'exit block ends'
            }
        }
        # The word is sh's, for what has ended in the background.
        $run | Assert-Run -Output ready, 'exit block: Killed', 'exit block ends' -ErrorMatch '\A.*Killed\n\z' -Status 137
    }
}
