# Registered handlers where their own session can't run them, in other runspaces, with a guard; modules and examples.

Describe 'Registered handlers elsewhere' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = (Resolve-Path "$PSScriptRoot/../../examples").Path
    }

    Context 'a script or a handler that does not end' {
        It 'a script blocked in a managed wait: it is interrupted, its finally runs' -Tag F8 {
            $run = Start-Script {
                Register-ExitHandler { "exit: $($_.IsRescue)" } -StopTimeoutSeconds 10
                Show-LineWhen Blocked
                try { [System.Threading.Thread]::Sleep(60000) } finally { Out-Line 'finally' }
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, finally, 'exit: False' -Status 143 -Within 6
        }

        It 'a script that computes in native code: the handlers run elsewhere, with what they name' -Tag F8 {
            $run = Start-Script {
                function Get-Mine { "function $value" }
                function Register-Mine { $local = 'local'; Register-ExitHandler { "exit: $($_.IsRescue) $($_.Signal) $local $value $(Get-Mine)" } -StopTimeoutSeconds 0.5 }
                Register-ExitHandler { 'first registered' }
                Register-Mine
                $value = 'late'
                Show-LineWhen Computing
                [regex]::IsMatch('a' * 40 + '!', '^(a+)+$')
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: True SIGTERM local late function late', 'first registered' -Status 143 -Within 8
        }

        It 'a handler that throws, exits, breaks or writes an error: the others run, the status stays' -Tag F8 {
            $run = Start-Script {
                Register-ExitHandler { 'last' }
                Register-ExitHandler { throw 'thrown' }
                Register-ExitHandler { exit 9 }
                Register-ExitHandler { break }
                Register-ExitHandler { 1 / 0; 'goes on' }
                exit 3
            }
            $run | Assert-Run -Output 'goes on', last -ErrorMatch 'divide by zero', 'Exit block 1 of 1 failed: thrown' -Status 3
        }

        It 'handlers that hang, computing or waiting: they are stopped after -ExitTimeoutSeconds, the others run' -Tag F8 {
            $run = Start-Script {
                Register-ExitHandler { 'last' }
                Register-ExitHandler { 'waits'; Start-Sleep 60; 'never' }, { 'second block' } -ExitTimeoutSeconds 0.5
                Register-ExitHandler { 'computes'; while ($true) { } 'never' }, { 'second block' } -ExitTimeoutSeconds 0.5
                exit 3
            }
            $run | Assert-Run -Output computes, 'second block', waits, 'second block', last -ErrorMatch (@('Exit block 1 of 2 was stopped') * 2) -Status 3 -Within 20
        }

        It 'one that can''t be stopped, <How>: the others run, the process ends, the status stays' -Tag F8 -ForEach @(
            @{ How = 'waiting'; Statement = '[System.Threading.Thread]::Sleep(60000)' }
            @{ How = 'computing'; Statement = "[regex]::IsMatch('a' * 40 + '!', '^(a+)+$')" }
        ) {
            $run = Start-Script {
                Register-ExitHandler { 'last' }
                Register-ExitHandler ([scriptblock]::Create("Out-Line 'begins'; $using:Statement; 'never'")), { 'second block' } -ExitTimeoutSeconds 0.5
                exit 3
            }
            $run | Assert-Run -Output begins, 'second block', last -ErrorMatch 'Exit block 1 of 2 was stopped' -Status 3 -Within 20
        }

        It 'a handler without a limit has 5 seconds' -Tag F8 {
            $run = Start-Script { Register-ExitHandler { 'begins'; Start-Sleep 60 }; exit 3 }
            $run | Assert-Run -Output begins -ErrorMatch 'no longer than 5 seconds' -Status 3
        }

        It 'the output is closed: the handlers run to their end' -Tag F8 {
            $run = Start-Script { Register-ExitHandler { 1..100; Out-Line 'to the end' -To made }; 'ready'; Wait-Forever }
            $run | Wait-Line ready | Close-Output | Send-Signal TERM
            $run | Assert-Run -OutputMatch ready -File @{ made = 'to the end' } -Status 143
        }
    }

    Context 'the process ends by other means' {
        It '[Environment]::Exit: after the exit blocks of scopes' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { "handler: $($_.Reason) $($_.ExitCode)" }
                Use-ExitHandler { Register-ExitHandler { 'newer handler' }; [Environment]::Exit(5) } -OnExit { Out-Line 'exit block' }
            }
            $run | Assert-Run -Output 'exit block', 'newer handler', 'handler: ProcessExit 5' -Status 5
        }

        It '[Environment]::Exit in a handler: the others run' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { 'last' }
                Register-ExitHandler { Out-Line 'exits'; [Environment]::Exit(5) } -ExitTimeoutSeconds 1
            }
            $run | Assert-Run -Output exits, last -Status 5 -ErrorMatch 'was stopped' -Within 20
        }

        It 'a crash on another thread: the handlers run, then the process crashes as it would have' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { Out-Line "handler: $($_.Reason) $($_.ExitCode)" -To log.txt }
                [System.Threading.Thread]::new([System.Threading.ThreadStart] { 'never runs' }).Start()
                Wait-Forever
            }
            $run | Assert-Run -OutputMatch @() -ErrorMatch 'There is no Runspace available' -Status ABRT -File @{ 'log.txt' = 'handler: Crash 134' }
        }
    }

    Context 'other runspaces' {
        It 'at its runspace''s end: a thread job and a hosted one' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { 'of the script' }
                Start-ThreadJob { Import-Module $env:GRACEFULEXIT_MODULE; Register-ExitHandler { [Console]::WriteLine("of the job: $($_.Reason)") }; 'job' } | Receive-Job -Wait -AutoRemoveJob
                $hosted = [powershell]::Create()
                $hosted.AddScript('Import-Module $env:GRACEFULEXIT_MODULE; Register-ExitHandler { [Console]::WriteLine("of the hosted one: $($_.Reason)") }; "hosted"').Invoke()
                $hosted.Dispose()
            } | Wait-Exit
            # The job's output and what its handler writes past it come in any order.
            $run.Output -replace ': \w+$' | Sort-Object | Should -Be 'hosted', 'job', 'of the hosted one', 'of the job', 'of the script'
            $run | Assert-Run -OutputMatch 'of the script' -Status 0
        }

        It 'a runspace that is closed while its script runs: the script is stopped, then its handlers run' -Tag F9 {
            $run = Start-Script {
                $shell = [powershell]::Create()
                $null = $shell.AddScript({
                    Import-Module $env:GRACEFULEXIT_MODULE
                    Register-ExitHandler { [Console]::WriteLine("handler: $($_.Reason)") }
                    try { [Console]::WriteLine('ready'); while ($true) { Start-Sleep 1 } } finally { [Console]::WriteLine('finally') }
                }).BeginInvoke()
                while (-not (Get-ExitHandler)) { Start-Sleep -Milliseconds 20 }
                $shell.Runspace.Close()
                'closed'
            }
            $run | Assert-Run -OutputMatch 'finally', 'handler: Completed', 'closed'
        }

        It 'a signal: all of them run, each once' -Tag F9 {
            $run = Start-Script {
                Register-ExitHandler { Out-Line 'of the script' }
                $jobs = 1..2 | ForEach-Object {
                    Start-ThreadJob { Import-Module $env:GRACEFULEXIT_MODULE; Register-ExitHandler { [Console]::WriteLine('of a job') }; while ($true) { Start-Sleep 1 } }
                }
                while (@(Get-ExitHandler).Count -lt 3) { Start-Sleep -Milliseconds 20 }
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal TERM | Wait-Exit
            ($run.Output | Where-Object { $_ -eq 'of a job' }).Count | Should -Be 2
            $run | Assert-Run -OutputMatch 'of the script' -Status 143
        }

        It 'a handler of a runspace that has been closed can''t be unregistered: it has run' -Tag F7 {
            $run = Start-Script {
                $shell = [powershell]::Create()
                $handler = $shell.AddScript('Import-Module $env:GRACEFULEXIT_MODULE; Register-ExitHandler { [Console]::WriteLine("ran") } -PassThru').Invoke()[0]
                $shell.Dispose()
                Unregister-ExitHandler $handler -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed[0].FullyQualifiedErrorId
            }
            $run | Assert-Run -Output ran, 'NoExitHandler,GracefulExit.Commands.UnregisterExitHandlerCommand'
        }

        It 'a module that registers at import, imported in three runspaces' -Tag F9 {
            $run = Start-Script {
                Set-Content flushing.psm1 -Value 'Import-Module $env:GRACEFULEXIT_MODULE; $id = [runspace]::DefaultRunspace.Id; Register-ExitHandler { [Console]::WriteLine("flushed of $($id -eq 1 ? "script" : "job")") }'
                Import-Module ./flushing.psm1
                1..2 | ForEach-Object { Start-ThreadJob { Import-Module "$env:TEST_TEMP/flushing.psm1" } } | Receive-Job -Wait -AutoRemoveJob
                'end'
            } | Wait-Exit
            ($run.Output | Where-Object { $_ -eq 'flushed of job' }).Count | Should -Be 2
            $run | Assert-Run -OutputMatch 'flushed of script'
        }
    }

    Context 'with a guard' {
        It 'SIGKILL: the guard runs them, newest first' -Tag F10 {
            Skip-Unless -Linux
            $run = Start-Script {
                $value = 'of the script'
                Register-ExitHandler { "first: $value $($_.Reason)" } -Guard
                Register-ExitHandler { 'second' } -Guard
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal KILL
            $run | Assert-Run -Output ready, second, 'first: of the script Killed' -Status SIGKILL
        }

        It 'the session ends by itself, or by a signal: once, by their own process, and no process is left' -Tag F10 -ForEach 'end', 'TERM' {
            Skip-Unless -Linux
            $run = Start-Script {
                Register-ExitHandler { "exit: $($_.Reason) $($PID -eq $mine)" } -Guard
                $mine = $PID
                if ($using:_ -eq 'TERM') { 'ready'; Wait-Forever }
            }
            if ($_ -eq 'TERM') {
                $run | Wait-Line ready | Send-Signal TERM
                $run | Assert-Run -Output ready, 'exit: Signal True' -Status 143
            }
            else {
                $run | Assert-Run -Output 'exit: Completed True'
            }
        }

        It 'unregistered: the guard leaves' -Tag F10 {
            Skip-Unless -Linux
            $run = Start-Script {
                Register-ExitHandler { 'never' } -Guard -PassThru | Unregister-ExitHandler
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal KILL
            $run | Assert-Run -Output ready -Status SIGKILL
        }
    }

    It 'a process that never registers a handler has no handler service and no event subscriber' -Tag F11 {
        $run = Start-Script {
            Use-ExitHandler { $null = Get-ExitHandler; Unregister-ExitHandler -Id 1 -ErrorAction Ignore } -OnExit { }
            $runtime = [GracefulExit.ExitContext].Assembly.GetType('GracefulExit.Scopes.ExitRuntime')
            $current = $runtime.GetProperty('Current').GetValue($null)
            "handlers: $($null -ne $runtime.GetProperty('Handlers').GetValue($current))"
            "subscribers: $(@(Get-EventSubscriber -Force).Count)"
        }
        $run | Assert-Run -Output 'handlers: False', 'subscribers: 0'
    }

    Context 'examples' {
        It 'clean-at-exit.ps1, SIGINT' -Tag F3 {
            $run = Start-Script -Path "$examples/clean-at-exit.ps1" | Wait-Text -Match 'working in (\S+)\. '
            $work = $run.Found[1]
            $work | Should -Exist
            $run | Send-Signal INT | Assert-Run -OutputMatch 'Removed .*, because of SIGINT' -Status 130
            $work | Should -Not -Exist
        }

        It 'EventLog: <Name>' -Tag F2, F3 -ForEach @(
            @{ Name = 'the end'; Statement = ''; Expected = 'Completed'; Status = 0 }
            @{ Name = 'a signal'; Statement = 'Send-Signal TERM; Wait-Forever'; Expected = 'SIGTERM'; Status = 143 }
            @{ Name = 'Remove-Module'; Statement = 'Remove-Module EventLog'; Expected = $null; Status = 0 }
        ) {
            $run = Start-Script {
                Import-Module "$using:examples/EventLog/EventLog.psm1" -ArgumentList ./events.log
                Add-Event 'begun'
                . ([scriptblock]::Create($using:Statement))
            } | Wait-Exit
            $lines = @(Get-Content -LiteralPath "$($run.Directory)/events.log") -replace '^\S+ '
            $lines | Should -BeExactly @('begun'; if ($Expected) { "the session ends: $Expected" })
            $run | Assert-Run -Output @() -Status $Status
        }
    }
}
