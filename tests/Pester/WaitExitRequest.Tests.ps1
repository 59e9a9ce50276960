Describe 'Wait-ExitRequest' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'a daemon''s loop' {
        It 'sleeps interruptibly, ends after the current item, and never loses one midway, SIG<_>' -Tag D2 -ForEach TERM, INT, HUP {
            $run = Start-Script {
                $begun = $ended = 0
                Use-ExitHandler {
                    $exit = $_
                    while (-not (Wait-ExitRequest 0.01)) {
                        $begun++
                        if ($begun -eq 3) {
                            'ready' # the signal comes in the middle of this item
                            $null = $exit.Token.WaitHandle.WaitOne()
                        }
                        Start-Sleep -Milliseconds 50
                        $ended++
                    }
                    'loop ends'
                } -OnExit { "exit: $($_.Signal), begun: $begun, ended: $ended" } -GracePeriodSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $_
            $run | Assert-Run -Output ready, 'loop ends', "exit: SIG$_, begun: 3, ended: 3", 'caller goes on'
        }

        It 'is woken at once from a long sleep' -Tag D2 {
            $run = Start-Script {
                Use-ExitHandler {
                    $context = $_
                    'ready'
                    while (-not (Wait-ExitRequest 3600)) { 'not reached' }
                    "at once: $(([datetime]::Now - $context.RequestedAt).TotalMilliseconds -lt 500)"
                } -OnExit { "exit: $($_.Signal)" } -GracePeriodSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'at once: True', 'exit: SIGTERM', 'caller goes on'
        }

        It 'the example queue-worker.ps1, asked to end in the middle of an item, finishes this one and begins no other' -Tag D2 {
            $examples = "$PSScriptRoot/../../examples"
            Skip-Unless -Unix # its paths are those of Unix
            $run = Start-Script {
                $null = New-Item spool/new -ItemType Directory
                1..3 | ForEach-Object { [System.IO.File]::WriteAllText("$PWD/spool/new/$_.txt", 'work') }
                & "$using:examples/queue-worker.ps1" -Spool spool -PollSeconds 3600
                foreach ($place in 'new', 'taken', 'done') { "${place}: $((Get-ChildItem spool/$place | Sort-Object Name).Name)" }
            }
            $run | Wait-Line 'Working on 2.txt' | Send-Signal TERM
            $run | Assert-Run -Output @(
                "Waiting for work in $($run.Directory)/spool/new as process $($run.Id)"
                'Working on 1.txt', 'Working on 2.txt'
                'Done: 2, because of SIGTERM'
                'new: 3.txt', 'taken: ', 'done: 1.txt 2.txt'
            )
        }

        It 'the example queue-worker.ps1, asked to end while it waits for work, ends at once' -Tag D2 {
            Skip-Unless -Unix # its paths are those of Unix
            $run = Start-Script -Path $PSScriptRoot/../../examples/queue-worker.ps1 -ArgumentList '-Spool', 'spool', '-PollSeconds', '3600'
            $waiting = "Waiting for work in $($run.Directory)/spool/new as process $($run.Id)"
            $run | Wait-Line $waiting | Send-Signal TERM
            $run | Assert-Run -Output $waiting, 'Done: 0, because of SIGTERM' -Within 5
        }
    }

    It 'returns $false when its time is up, not before; 0 only checks' -Tag D2 {
        $run = Start-Script {
            Use-ExitHandler {
                Wait-ExitRequest 0
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                "$(Wait-ExitRequest 0.2), after its time: $($watch.ElapsedMilliseconds -ge 199)"
                (Wait-ExitRequest -TimeoutSeconds 0.01).GetType().Name
            } -OnExit { "exit: $($_.Reason), $(Wait-ExitRequest 0.01)" }
        }
        $run | Assert-Run -Output False, 'False, after its time: True', Boolean, 'exit: Completed, False'
    }

    It 'takes a [timespan] as well' -Tag D2 {
        $run = Start-Script {
            Use-ExitHandler {
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                "$(Wait-ExitRequest ([timespan]::FromMilliseconds(200))), after its time: $($watch.ElapsedMilliseconds -ge 199)"
            }
        }
        $run | Assert-Run -Output 'False, after its time: True'
    }

    Context 'outside the body' {
        It 'outside every scope it is an error that can be caught: nothing could ever request an exit' -Tag D3 {
            $run = Start-Script {
                foreach ($wait in { Wait-ExitRequest 1 }, { Wait-ExitRequest }) {
                    try { & $wait; 'not reached' }
                    catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }
                    Use-ExitHandler { "in a scope: $(Wait-ExitRequest 0)" }
                }
            }
            $told = 'NoExitHandler,GracefulExit.Commands.WaitExitRequestCommand ObjectNotFound', 'in a scope: False'
            $run | Assert-Run -Output ($told + $told)
        }

        It '<_> seconds are a parameter error' -Tag D3 -ForEach '-1', '1e9', '[double]::NaN', '"soon"' {
            $run = Start-Script {
                try { Wait-ExitRequest (Invoke-Expression $using:_); 'not reached' } catch { $_.FullyQualifiedErrorId }
            }
            $run | Assert-Run -Output 'ParameterArgumentTransformationError,GracefulExit.Commands.WaitExitRequestCommand'
        }

        It 'in <Where> it answers for the scopes of the process' -Tag D3 -ForEach @(
            @{ Where = 'thread jobs'; Start = { param($work) 1..2 | ForEach-Object { Start-ThreadJob ([scriptblock]::Create($work)) -ArgumentList $prelude, $waiting } | Receive-Job -Wait } }
            @{ Where = 'ForEach-Object -Parallel'; Start = { param($work) 1..2 | ForEach-Object -Parallel { & ([scriptblock]::Create($using:work)) $using:prelude $using:waiting } } }
            @{ Where = 'hosted runspaces'; Start = {
                    param($work)
                    $hosted = foreach ($number in 1..2) {
                        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript($work).AddArgument($prelude).AddArgument($waiting)
                        @{ Shell = $shell; Running = $shell.BeginInvoke() }
                    }
                    foreach ($one in $hosted) { $one.Shell.EndInvoke($one.Running) }
                }
            }
        ) {
            $run = Start-Script {
                $prelude = $using:PSScriptRoot + '/Harness/prelude.ps1'
                $waiting = [System.Threading.CountdownEvent]::new(2)
                $start = $using:Start
                Use-ExitHandler {
                    . $start {
                        param($prelude, $waiting)
                        . $prelude
                        "at first: $(Wait-ExitRequest 0)"
                        if ($waiting.Signal()) { Out-Line 'ready' }
                        "then: $(Wait-ExitRequest)"
                    }.ToString() | Sort-Object
                } -OnExit { "exit: $($_.Signal)" } -GracePeriodSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'at first: False', 'at first: False', 'then: True', 'then: True', 'exit: SIGTERM', 'caller goes on'
        }
    }
}
