Describe '-ExitTimeoutSeconds, outside the body''s thread' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # No stop reaches a thread that computes in compiled code.
        $endless = { $null = [regex]::IsMatch(('a' * 40) + '!', '^(a+)+$') }
    }

    Context 'in a rescue' {
        It 'exit blocks that sleep, loop, wait in .NET and run a native command: each is stopped, the next one runs, and the caller goes on' -Tag C8 {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    Out-Line "sleeps, rescue: $($_.IsRescue)"
                    Start-Sleep -Seconds 100
                    Out-Line 'not reached'
                }, {
                    Out-Line 'loops'
                    while ($true) { $count++ }
                }, {
                    Out-Line 'waits in .NET'
                    [System.Threading.Thread]::Sleep(-1)
                    Out-Line 'not reached'
                }, {
                    Out-Line 'runs a native command'
                    sleep 100
                    Out-Line 'not reached'
                }, {
                    Out-Line 'last'
                    $listener.Stop()
                } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -ErrorMatch (1..4 | ForEach-Object { "Exit block $_ of 5 was stopped" }) -Output @(
                'ready', 'sleeps, rescue: True', 'loops', 'waits in .NET', 'runs a native command', 'last', 'caller goes on'
            )
        }

        It 'one that computes in .NET can''t be stopped: the next one runs, and the process exits with 143' -Tag C8 {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    Out-Line "first, rescue: $($_.IsRescue)"
                    . $using:endless
                }, { Out-Line "second, rescue: $($_.IsRescue)" } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'not reached'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'first, rescue: True', 'second, rescue: True' -ErrorMatch 'Exit block 1 of 2' -Status 143 -Within 15
        }

        # The process has to end, as what can't be stopped is still at work in it.
        It 'one that computes in .NET can''t be stopped, and the next one frees the body: the caller does not go on' -Tag C8 {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit { . $using:endless }, { Out-Line 'second'; $listener.Stop() } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'not reached'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'second' -ErrorMatch 'Exit block 1 of 2' -Status 143 -Within 15
        }
    }

    Context 'in a guard' {
        It 'exit blocks that sleep, loop, wait in .NET, run a native command and compute in .NET: each is stopped, and the next one runs' -Tag C8 {
            $run = Start-Script -LeftoverLimit 20 {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line "sleeps: $($_.Reason)"
                    Start-Sleep -Seconds 100
                    Out-Line 'not reached'
                }, {
                    Out-Line 'loops'
                    while ($true) { $count++ }
                }, {
                    Out-Line 'waits in .NET'
                    [System.Threading.Thread]::Sleep(-1)
                    Out-Line 'not reached'
                }, {
                    Out-Line 'runs a native command'
                    sleep 100
                    Out-Line 'not reached'
                }, {
                    Out-Line 'computes in .NET'
                    . $using:endless
                    Out-Line 'not reached'
                }, { Out-Line "last: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5 -Guard
            }
            $run | Wait-Line ready | Send-Signal KILL
            $run | Assert-Run -Status KILL -ErrorMatch (1..5 | ForEach-Object { "Exit block $_ of 6" }) -Output @(
                'ready', 'sleeps: Killed', 'loops', 'waits in .NET', 'runs a native command', 'computes in .NET', 'last: Killed'
            )
        }
    }
}
