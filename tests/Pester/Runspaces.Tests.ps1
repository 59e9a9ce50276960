Describe 'Several runspaces, each in a scope' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    # Each exit block waits for all the others: that they run one after another can't pass.
    Context 'one signal ends them all, each in its own runspace, side by side' {
        It 'thread jobs and the main runspace' -Tag C6 {
            $run = Start-Script {
                $running = [System.Threading.CountdownEvent]::new(4)
                $together = [System.Threading.Barrier]::new(4)
                $jobs = foreach ($number in 1..3) {
                    Start-ThreadJob -ArgumentList $using:prelude, $number, $running, $together -ScriptBlock {
                        param($prelude, $number, $running, $together)
                        . $prelude
                        Start-Sleep -Milliseconds 0 # loaded before the signal comes
                        $runspace = [runspace]::DefaultRunspace
                        Use-ExitHandler {
                            $null = $running.Signal()
                            Wait-Forever
                        } -OnExit {
                            "job ${number}: $($_.Signal), together: $($together.SignalAndWait(15000)), in its own runspace: $($runspace -eq [runspace]::DefaultRunspace)"
                        }
                        "job $number goes on"
                    }
                }
                Use-ExitHandler {
                    $null = $running.Signal()
                    $running.Wait()
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit { "main: $($_.Signal), together: $($together.SignalAndWait(15000))" }
                foreach ($job in $jobs) { $job | Wait-Job | Receive-Job }
            }
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output @(
                'ready'
                'main: SIGINT, together: True'
                foreach ($number in 1..3) {
                    "job ${number}: SIGINT, together: True, in its own runspace: True"
                    "job $number goes on"
                }
            )
        }

        It 'ForEach-Object -Parallel: the pipeline goes on with their output' -Tag C6 {
            $run = Start-Script {
                $running = [System.Threading.CountdownEvent]::new(3)
                $together = [System.Threading.Barrier]::new(3)
                1..3 | ForEach-Object { , @($_, $running, $together) } | ForEach-Object -ThrottleLimit 3 -Parallel {
                    $number, $running, $together = $_
                    . $using:prelude
                    Start-Sleep -Milliseconds 0 # loaded before the signal comes
                    Use-ExitHandler {
                        if ($running.Signal()) { Out-Line 'ready' }
                        Wait-Forever
                    } -OnExit { "exit block ${number}: $($_.Signal), together: $($together.SignalAndWait(15000))" }
                    "item $number goes on"
                } | Sort-Object
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                1..3 | ForEach-Object { "exit block ${_}: SIGTERM, together: True" }
                1..3 | ForEach-Object { "item $_ goes on" }
                'caller goes on'
            )
        }

        It 'hosted runspaces: a signal ends those that listen to it, and no other' -Tag C6 {
            $run = Start-Script {
                $running = [System.Threading.CountdownEvent]::new(3)
                $together = [System.Threading.Barrier]::new(2)
                $hosted = foreach ($signal in 'SIGTERM', 'SIGTERM', 'SIGHUP') {
                    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript({
                        param($prelude, $signal, $running, $together)
                        . $prelude
                        Start-Sleep -Milliseconds 0 # loaded before the signal comes
                        Use-ExitHandler {
                            $null = $running.Signal()
                            Wait-Forever
                        } -OnExit {
                            "exit block for ${signal}: $($_.Signal)" + $(if ($signal -eq 'SIGTERM') { ", together: $($together.SignalAndWait(15000))" })
                        } -Signal $signal
                        'goes on'
                    }).AddArgument($using:prelude).AddArgument($signal).AddArgument($running).AddArgument($together)
                    @{ Shell = $shell; Running = $shell.BeginInvoke() }
                }
                $running.Wait()
                Out-Line 'ready'
                foreach ($one in $hosted[0, 1]) { Out-Line ($one.Shell.EndInvoke($one.Running) -join '; ') }
                Out-Line "the other still runs: $(-not $hosted[2].Running.IsCompleted)"
                Out-Line ($hosted[2].Shell.EndInvoke($hosted[2].Running) -join '; ')
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Wait-Line 'the other still runs: True' | Send-Signal HUP
            $run | Assert-Run -Output @(
                'ready'
                'exit block for SIGTERM: SIGTERM, together: True; goes on'
                'exit block for SIGTERM: SIGTERM, together: True; goes on'
                'the other still runs: True'
                'exit block for SIGHUP: SIGHUP; goes on'
            )
        }
    }

    It 'a runspace is closed while a scope in it is active: its exit blocks run to their ends' -Tag C6 {
        $run = Start-Script {
            foreach ($close in { $runspace.Close() }, { $runspace.Dispose() }, { $shell.Stop(); $shell.Dispose() }) {
                $running = [System.Threading.ManualResetEventSlim]::new()
                $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
                $runspace.Open()
                $shell = [powershell]::Create($runspace).AddScript({
                    param($prelude, $running)
                    . $prelude
                    Start-Sleep -Milliseconds 0 # loaded before the runspace is closed
                    $own = 'its own variable'
                    Use-ExitHandler {
                        $running.Set()
                        Wait-Forever
                    } -OnExit {
                        Out-Line "exit block begins: $($_.Reason)"
                        Start-Sleep -Milliseconds 100
                        Out-Line "exit block ends: $own"
                    }, { Out-Line 'second exit block' }
                    Out-Line 'not reached'
                }).AddArgument($using:prelude).AddArgument($running)
                $null = $shell.BeginInvoke()
                Out-Line "running: $($running.Wait(20000))"
                . $close
                Out-Line "${close}: $($runspace.RunspaceStateInfo.State)"
            }
        }
        $run | Assert-Run -Output @(
            foreach ($closed in ' $runspace.Close() : Closed', ' $runspace.Dispose() : Closed', ' $shell.Stop(); $shell.Dispose() : Opened') {
                'running: True', 'exit block begins: Stopped', 'exit block ends: its own variable', 'second exit block', $closed
            }
        )
    }
}
