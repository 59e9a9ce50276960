Describe 'A stop that comes just as a scope begins' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # Watches the pipeline that runs now. When it has been told to stop, Stopped is set and Value ends, which has no value before.
        # With -Lose, the stop is lost, as the engine itself loses one in some thousands.
        $watchStop = {
            param([switch] $Lose)
            $watching, $stopped = 1..2 | ForEach-Object { [System.Threading.ManualResetEventSlim]::new() }
            $queue = [System.Collections.Concurrent.BlockingCollection[string]]::new()
            $watcher = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $watcher.AddScript({
                param($runspace, $watching, $stopped, $queue, $lose)
                $hidden = [System.Reflection.BindingFlags] 'Instance, NonPublic, Public'
                $pipeline = $runspace.GetType().GetMethod('GetCurrentlyRunningPipeline', $hidden).Invoke($runspace, @())
                $stopper = $pipeline.GetType().GetProperty('Stopper', $hidden).GetValue($pipeline)
                $isStopping = $stopper.GetType().GetProperty('IsStopping', $hidden)
                $watching.Set()
                while (-not $isStopping.GetValue($stopper)) { $null = [System.Threading.Thread]::Yield() }
                # Mostly enough for the stop to reach all commands of the pipeline. Nothing tells when it has.
                [System.Threading.Thread]::Sleep(50)
                if ($lose) { $isStopping.SetValue($stopper, $false) }
                $stopped.Set()
                $queue.CompleteAdding()
            })
            foreach ($argument in [runspace]::DefaultRunspace, $watching, $stopped, $queue, [bool] $Lose) { $null = $watcher.AddArgument($argument) }
            $null = $watcher.BeginInvoke()
            $null = $watching.Wait(20000)
            [pscustomobject] @{ Stopped = $stopped; Value = $queue.GetConsumingEnumerable() }
        }
    }

    It 'it reaches the cmdlet before there is a scope: the inner body does not begin, the outer one ends at once' -Tag C1 {
        $run = Start-Script {
            Use-ExitHandler {
                $watch = & $using:watchStop
                & {
                    # A preference that Use-ExitHandler asks for before it registers.
                    New-Variable VerbosePreference $watch.Value
                    Show-LineWhen Blocked
                    Use-ExitHandler -Append { Out-Line 'inner body'; Wait-Forever } -OnExit { Out-Line "inner exit: $($_.Reason)" }
                }
                Out-Line 'not reached'
            } -OnExit {
                "outer exit: $($_.Signal), rescue: $($_.IsRescue)"
                "long before a rescue: $(([datetime]::Now - $_.RequestedAt).TotalSeconds -lt 10)"
            } -StopTimeoutSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        # The exit block of a scope that had registered just before runs, and no other.
        $run | Assert-Run -OutputMatch '\Aready\n(inner exit: Stopped\n)?outer exit: SIGTERM, rescue: False\nlong before a rescue: True\ncaller goes on\n\z'
    }

    It 'it comes from elsewhere, and reaches the cmdlet before there is a scope: the body does not begin' -Tag C1 {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
        $process = "$PSScriptRoot/Harness/process.ps1"
        $run = Start-Script -OpenInput {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $shell.AddScript({
                param($watchStop)
                . $using:prelude
                . $using:process
                $watch = & ([scriptblock]::Create($watchStop))
                & {
                    New-Variable VerbosePreference $watch.Value
                    Show-LineWhen Blocked
                    Use-ExitHandler { Out-Line 'body'; Wait-Forever } -OnExit { Out-Line "exit: $($_.Reason)" }
                }
                Out-Line 'not reached'
            }).AddArgument("$($using:watchStop)")
            $null = $shell.BeginInvoke()
            $null = [System.Console]::In.ReadLine()
            $shell.Stop()
            Out-Line "stopped: $($shell.InvocationStateInfo.State)"
        }
        $run | Wait-Line ready | Send-Line stop
        $run | Assert-Run -OutputMatch '\Aready\n(exit: Stopped\n)?stopped: Stopped\n\z'
    }

    It 'the engine loses it just before a scope begins: that scope ends too, with its body in a wait, catching errors of its own, or in another scope' -Tag C1, C2 {
        # Windows ends a process soon after what it has in place of SIGTERM.
        $signal = (Test-Windows) ? 'INT' : 'TERM'
        $run = Start-Script {
            $works = @(
                { Wait-Forever }
                { while ($true) { try { throw 'own' } catch { Start-Sleep -Milliseconds 10 } } }
                { Use-ExitHandler -Append { Wait-Forever } -OnExit { Out-Line "innermost exit: $($_.Reason)" }; Out-Line 'not reached' }
            )
            foreach ($work in $works) {
                Use-ExitHandler {
                    $watch = & $using:watchStop -Lose
                    Show-LineWhen Blocked
                    $null = $watch.Stopped.Wait(20000)
                    Use-ExitHandler -Append {
                        Out-Line 'inner body'
                        . $work
                    } -OnExit { Out-Line "inner exit: $($_.Reason)" }
                    Out-Line 'not reached'
                } -OnExit {
                    "outer exit: $($_.Signal), rescue: $($_.IsRescue)"
                    "long before a rescue: $(([datetime]::Now - $_.RequestedAt).TotalSeconds -lt 10)"
                } -StopTimeoutSeconds 20
                'caller goes on'
            }
        }
        foreach ($number in 1..3) { $run | Wait-Line ready | Send-Signal $signal }
        $begin = 'ready', 'inner body'
        $end = 'inner exit: Stopped', "outer exit: SIG$signal, rescue: False", 'long before a rescue: True', 'caller goes on'
        $run | Assert-Run -Output ($begin + $end + $begin + $end + $begin + 'innermost exit: Stopped' + $end)
    }
}
