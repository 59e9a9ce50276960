Describe 'The pipeline is stopped from elsewhere' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    Context 'PowerShell.Stop() on another thread' {
        It 'the exit blocks run to their end, then the finally blocks; no further statement of the script runs' -Tag C1 {
            $run = Start-Script {
                $ready = [System.Threading.ManualResetEventSlim]::new()
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript({
                    param($ready)
                    . $using:prelude
                    try {
                        Use-ExitHandler { $ready.Set(); Wait-Forever } -OnExit {
                            Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
                            'output that nobody takes'
                            Write-Error 'an error that nobody takes'
                            Start-Sleep -Milliseconds 50
                            1..3 | ForEach-Object { $sum += $_ }
                            Out-Line "exit block ends: $sum, requested: $($_.IsExitRequested)"
                        }, { Out-Line 'second exit block' }
                        Out-Line 'not reached'
                    }
                    catch { Out-Line "caught: $_" }
                    finally { Out-Line 'finally' }
                    Out-Line 'not reached either'
                }).AddArgument($ready)

                $running = $shell.BeginInvoke()
                Out-Line "ready: $($ready.Wait(20000))"
                $shell.Stop()
                Out-Line "stopped: $($shell.InvocationStateInfo.State)"
                try { $null = $shell.EndInvoke($running) } catch { Out-Line $_.Exception.InnerException.GetType().Name }
            }
            $run | Assert-Run -Output @(
                'ready: True'
                'exit block begins: Stopped ', 'exit block ends: 6, requested: True', 'second exit block'
                'finally', 'stopped: Stopped', 'PipelineStoppedException'
            )
        }

        It 'scopes within scopes: both exit blocks run to their end, inner first' -Tag C1 {
            $run = Start-Script {
                $ready = [System.Threading.ManualResetEventSlim]::new()
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript({
                    param($ready)
                    . $using:prelude
                    Use-ExitHandler {
                        Use-ExitHandler { $ready.Set(); Wait-Forever } -OnExit {
                            Start-Sleep -Milliseconds 50
                            Out-Line "inner exit: $($_.Reason)"
                        } -Append
                        Out-Line 'not reached'
                    } -OnExit {
                        Start-Sleep -Milliseconds 50
                        Out-Line "outer exit: $($_.Reason)"
                    }
                    Out-Line 'not reached either'
                }).AddArgument($ready)

                $running = $shell.BeginInvoke()
                Out-Line "ready: $($ready.Wait(20000))"
                $shell.Stop()
                Out-Line "stopped: $($shell.InvocationStateInfo.State)"
            }
            $run | Assert-Run -Output 'ready: True', 'inner exit: Stopped', 'outer exit: Stopped', 'stopped: Stopped'
        }

        It 'while the exit block runs: it runs to its end, and so do the others' -Tag C1 {
            $run = Start-Script {
                $begun, $goOn = 1..2 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new() }
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript({
                    param($begun, $goOn)
                    . $using:prelude
                    Use-ExitHandler { Out-Line 'body' } -OnExit {
                        Out-Line "exit block begins: $($_.Reason)"
                        $begun.Set()
                        $null = $goOn.Wait(20000)
                        'output that nobody takes'
                        Start-Sleep -Milliseconds 200
                        Out-Line 'exit block ends'
                    }, {
                        Start-Sleep -Milliseconds 50
                        Out-Line 'second exit block'
                    }
                    Out-Line 'not reached'
                }).AddArgument($begun).AddArgument($goOn)

                $running = $shell.BeginInvoke()
                Out-Line "begun: $($begun.Wait(20000))"
                $stopping = [System.Threading.Tasks.Task]::Run([Action] $shell.Stop)
                while ($shell.InvocationStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 5 }
                $goOn.Set()
                $stopping.Wait()
                Out-Line "stopped: $($shell.InvocationStateInfo.State)"
            }
            $run | Assert-Run -Output body, 'exit block begins: Completed', 'begun: True', 'exit block ends', 'second exit block', 'stopped: Stopped'
        }

        It 'while the body unwinds after a signal: the exit blocks run to their end, even if nobody takes their errors' -Tag C1 {
            $run = Start-Script {
                $ready, $unwinding, $goOn = 1..3 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new() }
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript({
                    param($ready, $unwinding, $goOn)
                    . $using:prelude
                    Use-ExitHandler {
                        try { $ready.Set(); Wait-Forever }
                        finally { $unwinding.Set(); $null = $goOn.Wait(20000) }
                    } -OnExit {
                        Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
                        foreach ($i in 1..10) {
                            Start-Sleep -Milliseconds 10
                            Write-Error 'an error that nobody takes'
                            'output that nobody takes'
                        }
                        Out-Line 'exit block ends'
                    }, { Out-Line 'second exit block' } -StopTimeoutSeconds 60
                    Out-Line 'not reached'
                }).AddArgument($ready).AddArgument($unwinding).AddArgument($goOn)
                # As the shells run a script: its errors go to the command behind it, which is stopped too.
                $shell.Commands.Commands[0].MergeMyResults('Error', 'Output')
                $null = $shell.AddCommand('Out-Null')

                $running = $shell.BeginInvoke()
                Out-Line "ready: $($ready.Wait(20000))"
                Send-Signal TERM
                Out-Line "unwinding: $($unwinding.Wait(20000))"
                $stop = $shell.BeginStop($null, $null)
                Out-Line "told: $($shell.InvocationStateInfo.State)"
                $goOn.Set()
                $shell.EndStop($stop)
                Out-Line "stopped: $($shell.InvocationStateInfo.State)"
            }
            $run | Assert-Run -Output @(
                'ready: True', 'unwinding: True', 'told: Stopping'
                'exit block begins: Signal SIGTERM', 'exit block ends', 'second exit block'
                'stopped: Stopped'
            )
        }

        It 'afterwards the runspace works as before: the next scope runs and gets signals' -Tag C1 {
            $run = Start-Script {
                $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
                $runspace.Open()
                foreach ($number in 1..3) {
                    $ready = [System.Threading.ManualResetEventSlim]::new()
                    $shell = [powershell]::Create($runspace)
                    $null = $shell.AddScript({
                        param($number, $ready)
                        . $using:prelude
                        Use-ExitHandler { $ready.Set(); Wait-Forever } -OnExit { Out-Line "exit ${number}: $($_.Reason)" }
                    }).AddArgument($number).AddArgument($ready)
                    $running = $shell.BeginInvoke()
                    $null = $ready.Wait(20000)
                    $shell.Stop()
                    $shell.Dispose()
                }
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "exit of the caller: $($_.Reason)" }
                'caller goes on'
            }
            $run | Assert-Run -Output 'exit 1: Stopped', 'exit 2: Stopped', 'exit 3: Stopped', 'exit of the caller: Signal', 'caller goes on'
        }
    }

    It 'Select-Object -First behind scopes within scopes: both exit blocks run to their end, inner first; the caller goes on' -Tag C1 {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitHandler { 'one'; Out-Line 'not reached' } -OnExit {
                    'dropped'
                    Out-Line "inner exit: $($_.Reason)"
                } -Append
                Out-Line 'not reached either'
            } -OnExit {
                'dropped'
                Out-Line "outer exit: $($_.Reason)"
            } | Select-Object -First 1
            'caller goes on'
        }
        $run | Assert-Run -Output one, 'inner exit: Stopped', 'outer exit: Stopped', 'caller goes on'
    }

    # The status of a stopped script is 0 or 1 by chance, with plain pwsh too: these scripts set it themselves.
    Context 'pwsh''s own Ctrl+C, when SIGINT is not in -Signal' {
        It 'the exit block runs to its end, then the script is stopped as usual, <How>' -Tag C1 -ForEach @(
            @{ How = '-File'; Start = @{} }
            @{ How = '-Command'; Start = @{ AsCommand = $true } }
            @{ How = 'at a terminal'; Start = @{ Terminal = $true } }
        ) {
            $run = Start-Script @Start {
                try {
                    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                        Out-Line "exit block begins: $($_.Reason) $($_.Signal)"
                        'output that nobody takes'
                        Start-Sleep -Milliseconds 50
                        Out-Line 'exit block ends'
                    } -Signal TERM
                    Out-Line 'not reached'
                }
                finally {
                    Out-Line 'finally of the caller'
                    $Host.SetShouldExit(5)
                }
                Out-Line 'not reached either'
            }
            $run | Wait-Line ready
            if ($run.Terminal) {
                $run | Send-CtrlC
                $run | Assert-Run -Status 5 -OutputMatch '^ready$', 'exit block begins: Stopped \n', '\Gexit block ends\n', '\Gfinally of the caller\n?\z'
            }
            else {
                $run | Send-Signal INT
                $run | Assert-Run -Output ready, 'exit block begins: Stopped ', 'exit block ends', 'finally of the caller' -Status 5
            }
        }

        It 'while the exit block runs: it runs to its end, and so do the others; then the script is stopped' -Tag C1 {
            $run = Start-Script {
                # What pwsh stops is the runspace's first pipeline.
                $pipelines = [runspace].Assembly.GetType('System.Management.Automation.Runspaces.RunspaceBase').
                    GetProperty('RunningPipelines', [System.Reflection.BindingFlags] 'Instance, NonPublic')
                try {
                    Use-ExitHandler { 'body' } -OnExit {
                        Out-Line "exit block begins: $($_.Reason)"
                        Out-Line 'ready'
                        $pipeline = $pipelines.GetValue([runspace]::DefaultRunspace)[0]
                        while ($pipeline.PipelineStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 5 }
                        Start-Sleep -Milliseconds 200
                        Out-Line 'exit block ends'
                    }, {
                        Start-Sleep -Milliseconds 50
                        Out-Line 'second exit block'
                    } -Signal TERM
                    Out-Line 'not reached'
                }
                finally {
                    Out-Line 'finally of the caller'
                    $Host.SetShouldExit(5)
                }
            }
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output body, 'exit block begins: Completed', ready, 'exit block ends', 'second exit block', 'finally of the caller' -Status 5
        }
    }
}
