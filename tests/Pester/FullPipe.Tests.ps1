# The shell's standard output is a pipe of which a third process holds the read end, so that writing blocks once it is full.
# That process ends when the one that ran the exit block has ended.
Describe 'An exit block that writes to a pipe that nobody reads' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        # Output is written in another way in each place; a thread or a command that hangs in a call is given up in each alike.
        $output = @{ What = 'output'; Write = { while ($true) { 'x' * 1000 } } }
        $past = @{ What = 'past the pipeline'; Write = { while ($true) { [System.Console]::Out.Write('x' * 1000) } } }
        $native = @{ What = 'a native command''s output'; Write = { sh -c 'while echo xxxxxxxxxx; do :; done' } }
    }

    BeforeAll {
        $holder = 'exec 3<>pipe; for _ in $(seq 300); do [ ! -s writer ] || [ -e /proc/$(cat writer)/exe ] || break; sleep 0.1; done'
        $fullPipe = 'sh', '-c', "mkfifo pipe; sh -c '$holder' >&- 2>&- & exec `"`$0`" `"`$@`" >pipe", (Get-ShellPath)
    }

    It 'the next one runs, and the process ends: on the body''s thread: <What>' -Tag C8 -ForEach $output, $past {
        Skip-Unless -Linux
        $run = Start-Script -Shell $fullPipe -LeftoverLimit 10 {
            Use-ExitHandler {
                [System.Console]::Error.WriteLine('ready')
                Wait-Forever
            } -OnExit {
                Out-Line ([System.Environment]::ProcessId) -To writer
                Out-Line "first: $($_.Signal)" -To log
                . $using:Write
            }, { Out-Line "second: $($_.Signal)" -To log } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5 -AfterSignal Exit
        }
        $run | Wait-ErrorText '^ready$' | Send-Signal TERM
        $run | Assert-Run -Output @() -ErrorMatch '^ready$', 'Exit block 1 of 2' -File @{ log = 'first: SIGTERM', 'second: SIGTERM' } -Status 143 -Within 15
    }

    It 'the next one runs, and the process ends: in a rescue: <What>' -Tag C8 -ForEach $output, $native {
        Skip-Unless -Linux
        $run = Start-Script -Shell $fullPipe -LeftoverLimit 10 {
            Use-ExitHandler {
                $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                $listener.Start()
                [System.Console]::Error.WriteLine('ready')
                $null = $listener.AcceptTcpClient()
            } -OnExit {
                Out-Line ([System.Environment]::ProcessId) -To writer
                Out-Line "first, rescue: $($_.IsRescue)" -To log
                . $using:Write
            }, { Out-Line "second, rescue: $($_.IsRescue)" -To log } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
        }
        $run | Wait-ErrorText '^ready$' | Send-Signal TERM
        $run | Assert-Run -Output @() -ErrorMatch '^ready$', 'Exit block 1 of 2' -File @{ log = 'first, rescue: True', 'second, rescue: True' } -Status 143 -Within 15
    }

    It 'the next one runs, and the guard ends: in a guard: <What>' -Tag C8 -ForEach $output, $past, $native {
        Skip-Unless -Linux
        $run = Start-Script -Shell $fullPipe -LeftoverLimit 20 {
            Use-ExitHandler {
                [System.Console]::Error.WriteLine('ready')
                Wait-Forever
            } -OnExit {
                Out-Line ([System.Environment]::ProcessId) -To writer
                Out-Line "first: $($_.Reason)" -To log
                . $using:Write
            }, { Out-Line "second: $($_.Reason)" -To log } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5 -Guard
        }
        $run | Wait-ErrorText '^ready$' | Send-Signal KILL
        $run | Assert-Run -Output @() -ErrorMatch '^ready$', 'Exit block 1 of 2' -File @{ log = 'first: Killed', 'second: Killed' } -Status KILL -Within 15
    }
}
