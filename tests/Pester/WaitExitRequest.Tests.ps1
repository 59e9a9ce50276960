Describe 'Wait-ExitRequest' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    Context 'a daemon''s loop' {
        It 'sleeps interruptibly, ends after the current item, and never loses one midway' -Tag D2 {
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
            $run | Wait-Line ready | Send-Signal HUP
            $run | Assert-Run -Output ready, 'loop ends', 'exit: SIGHUP, begun: 3, ended: 3', 'caller goes on'
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
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output ready, 'at once: True', 'exit: SIGINT', 'caller goes on'
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

    It 'returns $false when its time is up, not before; 0 only checks; it takes a [timespan] as well' -Tag D2 {
        $run = Start-Script {
            Use-ExitHandler {
                Wait-ExitRequest 0
                foreach ($time in 0.2, [timespan]::FromMilliseconds(200)) {
                    $watch = [System.Diagnostics.Stopwatch]::StartNew()
                    "$(Wait-ExitRequest $time), after its time: $($watch.ElapsedMilliseconds -ge 199)"
                }
                (Wait-ExitRequest -TimeoutSeconds 0.01).GetType().Name
            } -OnExit { "exit: $($_.Reason), $(Wait-ExitRequest 0.01)" }
        }
        $run | Assert-Run -Output False, 'False, after its time: True', 'False, after its time: True', Boolean, 'exit: Completed, False'
    }

    Context 'outside the body' {
        It 'outside every scope it is an error that can be caught: nothing could ever request an exit; so is a wrong time' -Tag D3 {
            $run = Start-Script {
                foreach ($wait in { Wait-ExitRequest 1 }, { Wait-ExitRequest }) {
                    try { & $wait; 'not reached' }
                    catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }
                    Use-ExitHandler { "in a scope: $(Wait-ExitRequest 0)" }
                }
                foreach ($seconds in -1, 1e9, [double]::NaN, 'soon') {
                    try { Wait-ExitRequest $seconds; 'not reached' } catch { "${seconds}: $($_.FullyQualifiedErrorId)" }
                }
            }
            $told = 'NoExitHandler,GracefulExit.Commands.WaitExitRequestCommand ObjectNotFound', 'in a scope: False'
            $run | Assert-Run -Output @(
                $told; $told
                foreach ($seconds in -1, 1e9, 'NaN', 'soon') { "${seconds}: ParameterArgumentTransformationError,GracefulExit.Commands.WaitExitRequestCommand" }
            )
        }

        It 'in thread jobs, in ForEach-Object -Parallel and in hosted runspaces it answers for the scopes of the process' -Tag D3 {
            $run = Start-Script {
                $waiting = [System.Threading.CountdownEvent]::new(6)
                $work = {
                    param($where, $waiting)
                    . $using:prelude
                    "$where at first: $(Wait-ExitRequest 0)"
                    if ($waiting.Signal()) { Out-Line 'ready' }
                    "$where then: $(Wait-ExitRequest)"
                }.ToString()
                Use-ExitHandler {
                    $hosted = foreach ($number in 1..2) {
                        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2()).AddScript($work).AddArgument('hosted').AddArgument($waiting)
                        @{ Shell = $shell; Running = $shell.BeginInvoke() }
                    }
                    $jobs = 1..2 | ForEach-Object { Start-ThreadJob ([scriptblock]::Create($work)) -ArgumentList 'job', $waiting }
                    1..2 | ForEach-Object { , @($work, $waiting) } | ForEach-Object -Parallel {
                        $work, $waiting = $_
                        & ([scriptblock]::Create($work)) 'parallel' $waiting
                    } | Sort-Object
                    $jobs | Receive-Job -Wait | Sort-Object
                    $hosted | ForEach-Object { $_.Shell.EndInvoke($_.Running) } | Sort-Object
                } -OnExit { "exit: $($_.Signal)" } -GracePeriodSeconds 20
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                foreach ($where in 'parallel', 'job', 'hosted') { "$where at first: False", "$where at first: False", "$where then: True", "$where then: True" }
                'exit: SIGTERM', 'caller goes on'
            )
        }
    }
}
