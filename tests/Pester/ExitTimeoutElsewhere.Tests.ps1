Describe '-ExitTimeoutSeconds, outside the body''s thread' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $slow = @(
            @{ Does = 'sleeps'; Slow = { Start-Sleep -Seconds 100 } }
            @{ Does = 'loops'; Slow = { while ($true) { $count++ } } }
            @{ Does = 'waits in .NET'; Slow = { [System.Threading.Thread]::Sleep(-1) } }
            @{ Does = 'runs a native command'; Slow = { sleep 100 } }
        )
        # No stop reaches a thread that computes in compiled code.
        $endless = @{ Does = 'computes in .NET'; Slow = { [regex]::IsMatch(('a' * 40) + '!', '^(a+)+$') } }
    }

    Context 'in a rescue' {
        It 'an exit block that <Does> is stopped, the next one runs, and the caller goes on' -Tag C8 -ForEach $slow {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    Out-Line "first, rescue: $($_.IsRescue)"
                    . $using:Slow
                    Out-Line 'not reached'
                }, {
                    Out-Line 'second'
                    $listener.Stop()
                } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'first, rescue: True', 'second', 'caller goes on' -ErrorMatch 'Exit block 1 of 2 was stopped'
        }

        It 'one that <Does> can''t be stopped: the next one runs, and the process exits with 143' -Tag C8 -ForEach $endless {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    Out-Line "first, rescue: $($_.IsRescue)"
                    $null = . $using:Slow
                }, { Out-Line "second, rescue: $($_.IsRescue)" } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'not reached'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'first, rescue: True', 'second, rescue: True' -ErrorMatch 'Exit block 1 of 2' -Status 143 -Within 15
        }

        # The process has to end, as what can't be stopped is still at work in it.
        It 'one that <Does> can''t be stopped, and the next one frees the body: the caller does not go on' -Tag C8 -ForEach $endless {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit { $null = . $using:Slow }, { Out-Line 'second'; $listener.Stop() } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
                Out-Line 'not reached'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'second' -ErrorMatch 'Exit block 1 of 2' -Status 143 -Within 15
        }
    }

    Context 'in a guard' {
        It 'an exit block that <Does> is stopped, and the next one runs' -Tag C8 -ForEach ($slow + $endless) {
            $run = Start-Script -LeftoverLimit 20 {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line "first: $($_.Reason)"
                    $null = . $using:Slow
                }, { Out-Line "second: $($_.Reason)" } -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5 -Guard
            }
            $run | Wait-Line ready | Send-Signal KILL
            $run | Assert-Run -Output ready, 'first: Killed', 'second: Killed' -ErrorMatch 'Exit block 1 of 2' -Status KILL
        }
    }
}
