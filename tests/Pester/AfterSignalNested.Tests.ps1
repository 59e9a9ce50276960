Describe '-AfterSignal with several scopes' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    It '<After> in the inner scope, the outer one listens to another signal: the outer exit block runs too' -Tag C14 -ForEach @(
        @{ After = 'Stop'; Outer = 'Stopped 0'; Status = 0 }
        @{ After = 'Exit'; Outer = 'Exit 143'; Status = 143 }
    ) {
        $run = Start-Script {
            try {
                Use-ExitHandler {
                    Use-ExitHandler {
                        Out-Line 'ready'
                        Wait-Forever
                    } -OnExit { Out-Line "inner exit block: $($_.Reason)" } -Signal TERM -AfterSignal $using:After -Append
                    Out-Line 'outer body goes on'
                } -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.ExitCode)" } -Signal HUP
                Out-Line 'caller goes on'
            }
            finally { Out-Line 'finally of the caller' }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner exit block: Signal', "outer exit block: $Outer", 'finally of the caller' -Status $Status
    }

    It 'a signal ends nested scopes, inner <Inner>, outer <Outer>: both exit blocks run, then the stronger of the two applies' -Tag C14 -ForEach @(
        @{ Inner = 'Raise'; Outer = 'Continue'; Status = 'SIGTERM' }
        @{ Inner = 'Continue'; Outer = 'Exit'; Status = 143 }
        @{ Inner = 'Continue'; Outer = 'Stop'; Status = 0 }
    ) {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitHandler {
                    'ready'
                    Wait-Forever
                } -OnExit { 'inner exit block' } -AfterSignal $using:Inner -Append
                'outer body goes on'
            } -OnExit { 'outer exit block' } -AfterSignal $using:Outer
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner exit block', 'outer exit block' -Status $Status
    }

    It '<After> in a <Where> ends the whole process, the exit block of the main runspace''s scope first' -Tag C14 -ForEach @(
        @{ Where = 'hosted runspace'; After = 'Exit'; Status = 143 }
        @{ Where = 'thread job'; After = 'Raise'; Status = 'SIGTERM' }
    ) {
        $run = Start-Script {
            $work = {
                param($running)
                . $using:prelude
                Start-Sleep -Milliseconds 0 # loads the command before the signal comes
                Use-ExitHandler {
                    $running.Set()
                    Start-Sleep -Seconds 3600
                } -OnExit { Out-Line "background exit block: $($_.Signal)" } -Signal TERM -AfterSignal $using:After
                Out-Line 'background goes on'
            }

            $running = [System.Threading.ManualResetEventSlim]::new()
            Use-ExitHandler {
                if ($using:Where -eq 'thread job') {
                    $job = Start-ThreadJob $work -ArgumentList $running
                }
                else {
                    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                    $null = $shell.AddScript("$work").AddArgument($running).BeginInvoke()
                }
                $running.Wait()
                Out-Line 'ready'
                Wait-Forever
            } -OnExit { Out-Line "main exit block: $($_.Reason) $($_.ExitCode)" } -Signal HUP
            Out-Line 'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'background exit block: SIGTERM', 'main exit block: ProcessExit 143' -Status $Status
    }

    Context 'the example cron-lock.ps1' {
        It 'while another one is running it is refused; once that one is killed it runs; ended by a signal, it cleans up' -Tag C14 {
            $lock = "$TestDrive/lock"
            $first = Start-Script -Path $examples/cron-lock.ps1 -ArgumentList '-LockFile', $lock
            $first | Wait-Line "Working as process $($first.Id)"
            $second = Start-Script -Path $examples/cron-lock.ps1 -ArgumentList '-LockFile', $lock
            $second | Assert-Run -Output "Another one is running, see $lock" -Status 75

            $first | Send-Signal KILL
            $first | Assert-Run -Output "Working as process $($first.Id)" -Status SIGKILL
            $third = Start-Script -Path $examples/cron-lock.ps1 -ArgumentList '-LockFile', $lock
            $third | Wait-Line "Working as process $($third.Id)" | Send-Signal TERM
            $third | Assert-Run -Output "Working as process $($third.Id)", 'Cleaned up after SIGTERM' -Status 143
        }

        It 'a lock that can''t be created is an error, and is not taken for another running job' -Tag C14 {
            $run = Start-Script -Path $examples/cron-lock.ps1 -ArgumentList '-LockFile', 'nowhere/lock'
            $run | Assert-Run -Output @() -ErrorMatch 'nowhere[/\\]lock' -Status 1
        }
    }
}
