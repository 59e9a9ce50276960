Describe 'A stopped body that waits, and its own finally blocks' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $waits = @(
            @{ Wait = 'Thread.Sleep'; Statement = { [System.Threading.Thread]::Sleep($milliseconds) } }
            @{ Wait = 'Task.Wait'; Statement = { [System.Threading.Tasks.Task]::Delay($milliseconds).Wait() } }
            @{ Wait = 'WaitHandle'; Statement = { $null = [System.Threading.ManualResetEvent]::new($false).WaitOne($milliseconds) } }
            @{ Wait = 'SemaphoreSlim'; Statement = { $null = [System.Threading.SemaphoreSlim]::new(0).Wait($milliseconds) } }
            @{ Wait = 'BlockingCollection'; Statement = { $null = [System.Collections.Concurrent.BlockingCollection[int]]::new().TryTake([ref] 0, $milliseconds) } }
        )
    }

    Context 'a .NET wait in the body' {
        It 'is interrupted after 250 ms, long before a rescue; a wait in the exit block, on the same thread, is not: <Wait>' -Tag C2 -ForEach $waits {
            Skip-Unless -Linux
            $run = Start-Script {
                $thread = [System.Threading.Thread]::CurrentThread
                $milliseconds = -1
                Use-ExitHandler {
                    Show-LineWhen Blocked
                    . $using:Statement
                    'not reached'
                } -OnExit {
                    $elapsed = ([datetime]::Now - $_.RequestedAt).TotalSeconds
                    "exit: $($_.Reason) $($_.Signal), rescue: $($_.IsRescue)"
                    "not before 250 ms: $($elapsed -ge 0.24), long before the rescue: $($elapsed -lt 10)"
                    "same thread: $([System.Threading.Thread]::CurrentThread -eq $thread)"
                    [System.Threading.Thread]::Sleep(300) # time in which a second interrupt would be seen
                    'exit block ends'
                } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready', 'exit: Signal SIGTERM, rescue: False', 'not before 250 ms: True, long before the rescue: True'
                'same thread: True', 'exit block ends', 'caller goes on'
            )
        }

        It 'within a try whose catch block catches everything is interrupted too: the body ends' -Tag C2 {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    Show-LineWhen Blocked
                    while ($true) {
                        try { [System.Threading.Thread]::Sleep(-1) } catch { Out-Line 'not reached' }
                    }
                } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM, rescue: False', 'caller goes on'
        }
    }

    # Plain pwsh lets them finish after Ctrl+C. Each is in a wait well behind the 250 ms after which one of the body is interrupted.
    Context 'a finally block of the body that takes 1 s ends by itself within -StopTimeoutSeconds' {
        It 'in Start-Sleep, the body in <_>' -Tag C2 -ForEach 'Start-Sleep', 'Thread.Sleep' {
            Skip-Unless -Linux
            $run = Start-Script {
                Use-ExitHandler {
                    try {
                        Show-LineWhen Blocked
                        if ($using:_ -eq 'Thread.Sleep') { [System.Threading.Thread]::Sleep(-1) } else { Wait-Forever }
                    }
                    finally {
                        Out-Line 'finally begins'
                        $clock = [System.Diagnostics.Stopwatch]::StartNew()
                        Start-Sleep -Seconds 1
                        Out-Line "finally ends, not before 1 s: $($clock.ElapsedMilliseconds -ge 990)"
                    }
                } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'finally begins', 'finally ends, not before 1 s: True', 'exit: SIGTERM, rescue: False', 'caller goes on'
        }

        It 'in a .NET wait: <Wait>' -Tag C2 -ForEach $waits {
            $run = Start-Script {
                $milliseconds = 1000
                Use-ExitHandler {
                    try { 'ready'; Wait-Forever }
                    finally {
                        Out-Line 'finally begins'
                        $clock = [System.Diagnostics.Stopwatch]::StartNew()
                        . $using:Statement
                        Out-Line "finally ends, not before 1 s: $($clock.ElapsedMilliseconds -ge 990)"
                    }
                } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'finally begins', 'finally ends, not before 1 s: True', 'exit: SIGTERM, rescue: False', 'caller goes on'
        }

        It 'the clean block of a function that the body calls' -Tag C2 {
            $run = Start-Script {
                function Invoke-Work {
                    [CmdletBinding()]
                    param()
                    end { Out-Line 'ready'; Wait-Forever }
                    clean {
                        Out-Line 'clean begins'
                        Start-Sleep -Milliseconds 500
                        [System.Threading.Thread]::Sleep(500)
                        Out-Line 'clean ends'
                    }
                }

                Use-ExitHandler { Invoke-Work } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'clean begins', 'clean ends', 'exit: SIGTERM, rescue: False', 'caller goes on'
        }

        It 'several, one around the other, the body deep in functions' -Tag C2 {
            $run = Start-Script {
                function Invoke-Inner {
                    try { Out-Line 'ready'; [System.Threading.Thread]::Sleep(-1) }
                    finally { [System.Threading.Thread]::Sleep(500); Out-Line 'inner finally ends' }
                }

                Use-ExitHandler {
                    try { Invoke-Inner }
                    finally { [System.Threading.Thread]::Sleep(500); Out-Line 'outer finally ends' }
                } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'inner finally ends', 'outer finally ends', 'exit: SIGTERM, rescue: False', 'caller goes on'
        }

        It 'Stop-Job is the cause of the end' -Tag C2 {
            $prelude = "$PSScriptRoot/Harness/prelude.ps1"
            $run = Start-Script {
                $ready = [System.Threading.ManualResetEventSlim]::new()
                $job = Start-ThreadJob -ArgumentList $ready {
                    param($ready)
                    . $using:prelude
                    Use-ExitHandler {
                        try { $ready.Set(); Wait-Forever }
                        finally { [System.Threading.Thread]::Sleep(1000); Out-Line 'finally ends' }
                    } -OnExit { Out-Line "exit: $($_.Reason), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                }

                "ready: $($ready.Wait(20000))"
                Stop-Job $job
                $null = Wait-Job $job
                "job: $($job.State)"
            }
            $run | Assert-Run -Output 'ready: True', 'finally ends', 'exit: Stopped, rescue: False', 'job: Stopped'
        }
    }

    It 'a finally block that does not end: the exit block runs in a rescue, then the process exits with 128 + n' -Tag C2, C3 {
        $run = Start-Script {
            Use-ExitHandler {
                try { 'ready'; Wait-Forever }
                finally {
                    Out-Line 'finally begins'
                    while ($true) { try { [System.Threading.Thread]::Sleep(-1) } catch { } }
                }
            } -OnExit { Out-Line "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
            Out-Line 'not reached'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'finally begins', 'exit: SIGTERM, rescue: True' -Status 143
    }

    Context 'the module''s own cmdlets in a finally block of the body' {
        It 'do there what they do elsewhere, at once, and the block goes on: <Name>' -Tag C2 -ForEach @(
            @{ Name = 'a scope'; Block = { Use-ExitHandler -Append { Out-Line 'inner body' } -OnExit { Out-Line "inner exit: $($_.Reason)" } }; Output = 'inner body', 'inner exit: Completed' }
            @{ Name = 'scopes in scopes'; Block = { Use-ExitHandler -Append { Use-ExitHandler -Append { Out-Line 'inner body' }; Out-Line 'rest' } }; Output = 'inner body', 'rest' }
            @{ Name = 'a scope with finally'; Block = { Use-ExitHandler -Append { try { Out-Line 'inner body' } finally { Out-Line 'inner finally' } } }; Output = 'inner body', 'inner finally' }
            @{ Name = 'Wait-ExitRequest'; Block = { Out-Line "requested: $(Wait-ExitRequest)" }; Output = , 'requested: True' }
            @{ Name = 'Send-ExitRequest'; Block = { Send-ExitRequest -Signal TERM; Out-Line 'sent' }; Output = , 'sent' }
            @{ Name = 'Use-ExitShield'; Block = { Use-ExitShield { Out-Line 'shield' } }; Output = , 'shield' }
            @{ Name = 'Add-ExitBlock'; Block = { $null = Add-ExitBlock { Out-Line 'pushed' } }; Pushed = , 'pushed' }
        ) {
            $run = Start-Script {
                Use-ExitHandler {
                    try { Out-Line 'ready'; Wait-Forever }
                    finally {
                        . $using:Block
                        Out-Line 'finally goes on'
                    }
                } -OnExit {
                    Out-Line "exit: $($_.Signal), rescue: $($_.IsRescue)"
                    Out-Line "long before the rescue: $(([datetime]::Now - $_.RequestedAt).TotalSeconds -lt 20)"
                } -StopTimeoutSeconds 40
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @('ready'; if ($Output) { $Output }; 'finally goes on'; if ($Pushed) { $Pushed }; 'exit: SIGTERM, rescue: False'; 'long before the rescue: True'; 'caller goes on')
        }
    }
}
