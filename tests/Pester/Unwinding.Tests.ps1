Describe 'A stopped body that waits, and its own finally blocks' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # One that a script gets more than once: Windows ends the process soon after what it has in place of SIGTERM.
        $signal = (Test-Windows) ? 'INT' : 'TERM'
        $waits = @(
            @{ Wait = 'Thread.Sleep'; Statement = { [System.Threading.Thread]::Sleep($milliseconds) } }
            @{ Wait = 'Task.Wait'; Statement = { [System.Threading.Tasks.Task]::Delay($milliseconds).Wait() } }
            @{ Wait = 'WaitHandle'; Statement = { $null = [System.Threading.ManualResetEvent]::new($false).WaitOne($milliseconds) } }
            @{ Wait = 'SemaphoreSlim'; Statement = { $null = [System.Threading.SemaphoreSlim]::new(0).Wait($milliseconds) } }
            @{ Wait = 'BlockingCollection'; Statement = { $null = [System.Collections.Concurrent.BlockingCollection[int]]::new().TryTake([ref] 0, $milliseconds) } }
        )
    }

    It 'a .NET wait in the body is interrupted after 250 ms, long before a rescue; a wait in the exit block, on the same thread, is not' -Tag C2 {
        Skip-Unless -Linux
        $inBody = $waits + @{
            Wait = 'within a catch block for everything'
            Statement = { while ($true) { try { [System.Threading.Thread]::Sleep($milliseconds) } catch { Out-Line 'not reached' } } }
        }
        $run = Start-Script {
            $thread = [System.Threading.Thread]::CurrentThread
            $milliseconds = -1
            foreach ($one in $using:inBody) {
                Use-ExitHandler {
                    Show-LineWhen Blocked "ready: $($one.Wait)"
                    . $one.Statement
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
        }
        foreach ($one in $inBody) { $run | Wait-Line "ready: $($one.Wait)" | Send-Signal TERM }
        $run | Assert-Run -Output @(
            foreach ($one in $inBody) {
                "ready: $($one.Wait)", 'exit: Signal SIGTERM, rescue: False', 'not before 250 ms: True, long before the rescue: True'
                'same thread: True', 'exit block ends', 'caller goes on'
            }
        )
    }

    # Plain pwsh lets them finish after Ctrl+C. Each is in a wait well behind the 250 ms after which one of the body is interrupted.
    Context 'a finally block of the body that takes 1 s ends by itself within -StopTimeoutSeconds' {
        It 'in Start-Sleep, the body in Start-Sleep and in Thread.Sleep' -Tag C2 {
            Skip-Unless -Linux
            $run = Start-Script {
                foreach ($wait in { Wait-Forever }, { [System.Threading.Thread]::Sleep(-1) }) {
                    Use-ExitHandler {
                        try { Show-LineWhen Blocked; . $wait }
                        finally {
                            Out-Line 'finally begins'
                            $clock = [System.Diagnostics.Stopwatch]::StartNew()
                            Start-Sleep -Seconds 1
                            Out-Line "finally ends, not before 1 s: $($clock.ElapsedMilliseconds -ge 990)"
                        }
                    } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                    'caller goes on'
                }
            }
            foreach ($number in 1, 2) { $run | Wait-Line ready | Send-Signal TERM }
            $once = 'ready', 'finally begins', 'finally ends, not before 1 s: True', 'exit: SIGTERM, rescue: False', 'caller goes on'
            $run | Assert-Run -Output ($once * 2)
        }

        It 'in a .NET wait of each kind' -Tag C2 {
            $run = Start-Script {
                $milliseconds = 1000
                foreach ($one in $using:waits) {
                    Use-ExitHandler {
                        try { "ready: $($one.Wait)"; Wait-Forever }
                        finally {
                            Out-Line 'finally begins'
                            $clock = [System.Diagnostics.Stopwatch]::StartNew()
                            . $one.Statement
                            Out-Line "finally ends, not before 1 s: $($clock.ElapsedMilliseconds -ge 990)"
                        }
                    } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
                    'caller goes on'
                }
            }
            foreach ($one in $waits) { $run | Wait-Line "ready: $($one.Wait)" | Send-Signal $signal }
            $run | Assert-Run -Output @(
                foreach ($one in $waits) {
                    "ready: $($one.Wait)", 'finally begins', 'finally ends, not before 1 s: True', "exit: SIG$signal, rescue: False", 'caller goes on'
                }
            )
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

        It 'Stop-Job is the cause of the end: the exit block runs to its end too; the job is stopped' -Tag C1, C2 {
            $prelude = "$PSScriptRoot/Harness/prelude.ps1"
            $run = Start-Script {
                $ready = [System.Threading.ManualResetEventSlim]::new()
                $job = Start-ThreadJob -ArgumentList $ready {
                    param($ready)
                    . $using:prelude
                    Use-ExitHandler {
                        try { $ready.Set(); Wait-Forever }
                        finally { [System.Threading.Thread]::Sleep(1000); Out-Line 'finally ends' }
                    } -OnExit {
                        Out-Line "exit block begins: $($_.Reason), rescue: $($_.IsRescue)"
                        Start-Sleep -Milliseconds 50
                        'output that nobody takes'
                        Out-Line 'exit block ends'
                    } -StopTimeoutSeconds 20
                    Out-Line 'not reached'
                }

                "ready: $($ready.Wait(20000))"
                Stop-Job $job
                $null = Wait-Job $job
                "job: $($job.State)"
            }
            $run | Assert-Run -Output 'ready: True', 'finally ends', 'exit block begins: Stopped, rescue: False', 'exit block ends', 'job: Stopped'
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

    It 'the module''s own cmdlets in a finally block of the body do there what they do elsewhere, at once, and the block goes on' -Tag C2 {
        $cases = @(
            @{ Name = 'a scope'; Block = { Use-ExitHandler -Append { Out-Line 'inner body' } -OnExit { Out-Line "inner exit: $($_.Reason)" } }; Output = 'inner body', 'inner exit: Completed' }
            @{ Name = 'scopes in scopes'; Block = { Use-ExitHandler -Append { Use-ExitHandler -Append { Out-Line 'inner body' }; Out-Line 'rest' } }; Output = 'inner body', 'rest' }
            @{ Name = 'a scope with finally'; Block = { Use-ExitHandler -Append { try { Out-Line 'inner body' } finally { Out-Line 'inner finally' } } }; Output = 'inner body', 'inner finally' }
            @{ Name = 'Wait-ExitRequest'; Block = { Out-Line "requested: $(Wait-ExitRequest)" }; Output = 'requested: True' }
            @{ Name = 'Send-ExitRequest'; Block = { Send-ExitRequest -Signal TERM; Out-Line 'sent' }; Output = 'sent' }
            @{ Name = 'Use-ExitShield'; Block = { Use-ExitShield { Out-Line 'shield' } }; Output = 'shield' }
            @{ Name = 'Add-ExitBlock'; Block = { $null = Add-ExitBlock { Out-Line 'pushed' } }; Pushed = 'pushed' }
        )
        $run = Start-Script {
            foreach ($case in $using:cases) {
                Use-ExitHandler {
                    try { Out-Line "ready: $($case.Name)"; Wait-Forever }
                    finally {
                        . $case.Block
                        Out-Line 'finally goes on'
                    }
                } -OnExit {
                    Out-Line "exit: $($_.Signal), rescue: $($_.IsRescue)"
                    Out-Line "long before the rescue: $(([datetime]::Now - $_.RequestedAt).TotalSeconds -lt 20)"
                } -StopTimeoutSeconds 40
                Out-Line 'caller goes on'
            }
        }
        foreach ($case in $cases) { $run | Wait-Line "ready: $($case.Name)" | Send-Signal $signal }
        $run | Assert-Run -Output @(
            foreach ($case in $cases) {
                "ready: $($case.Name)"; if ($case.Output) { $case.Output }
                'finally goes on'; if ($case.Pushed) { $case.Pushed }
                "exit: SIG$signal, rescue: False", 'long before the rescue: True', 'caller goes on'
            }
        )
    }

    # The engine stops one command after another, the innermost first. Here the one around the block takes its time.
    It 'the same if the block has begun before the stop has gone through all commands' -Tag C2 {
        Skip-Unless -Unix
        $slowStop = "$TestDrive/SlowStop.dll"
        Add-Type -OutputAssembly $slowStop -TypeDefinition @'
            using System.Management.Automation;

            [Cmdlet("Out", "SlowStop")]
            public class OutSlowStop : Cmdlet
            {
                [Parameter(ValueFromPipeline = true)] public object InputObject { get; set; }

                protected override void StopProcessing() { System.Threading.Thread.Sleep(500); }
            }
'@
        $run = Start-Script {
            Import-Module $using:slowStop
            $blocks = @(
                { Use-ExitHandler -Append { try { Out-Line 'inner body' } finally { Out-Line 'inner finally' } } -OnExit { Out-Line 'inner exit' } }
                { Out-Line "requested: $(Wait-ExitRequest)" }
                { Send-ExitRequest -Signal TERM; Out-Line 'sent' }
                { Use-ExitShield { Out-Line 'shield' } }
            )
            foreach ($block in $blocks) {
                Use-ExitHandler {
                    & {
                        try { Out-Line 'ready'; Wait-Forever }
                        finally {
                            . $block
                            Out-Line 'finally goes on'
                        }
                    } | Out-SlowStop
                } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
            }
        }
        foreach ($number in 1..4) { $run | Wait-Line ready | Send-Signal TERM }
        $end = 'finally goes on', 'exit: SIGTERM, rescue: False'
        $run | Assert-Run -Output @(
            'ready', 'inner body', 'inner finally', 'inner exit'; $end
            'ready', 'requested: True'; $end
            'ready', 'sent'; $end
            'ready', 'shield'; $end
        )
    }
}
