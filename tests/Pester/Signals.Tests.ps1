Describe 'A signal ends a scope' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
    }

    Context 'the body is stopped, the exit block runs once, the caller goes on' {
        # 'the script exits with its own status' has the others with -File.
        It 'SIG<Signal>, <How>' -Tag A2 -ForEach @(
            @{ Signal = 'TERM'; How = '-Command'; Number = 15 }
            @{ Signal = 'INT'; How = '-Command'; Number = 2 }
            @{ Signal = 'HUP'; How = '-File'; Number = 1 }
        ) {
            $run = Start-Script -AsCommand:($How -eq '-Command') {
                Use-ExitHandler {
                    'ready'
                    Wait-Forever
                    'not reached'
                } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $Signal
            $run | Assert-Run -Output ready, "exit: Signal SIG$Signal $(128 + $Number)", 'caller goes on' -Status 0
        }

        It 'a body that only computes' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    while ($true) {
                        $number = $number + 1
                        if ($number -eq 1000) { 'ready' }
                    }
                } -OnExit { "exit: $($_.Signal), it had counted: $($number -gt 0)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM, it had counted: True', 'caller goes on'
        }

        It 'a body that catches everything, that goes on after every error, that waits for the token in .NET' -Tag A2 {
            $bodies = @(
                { while ($true) { try { Start-Sleep -Milliseconds 1 } catch { Out-Line 'not reached' } } }
                { & { trap { Out-Line 'not reached'; continue } while ($true) { Start-Sleep -Milliseconds 1 } }; while ($true) { } }
                { $ErrorActionPreference = 'SilentlyContinue'; while ($true) { Get-Item /nowhere; [int]::Parse('no number') } }
                # Its exception does not count as an error of the body.
                { [System.Threading.Tasks.Task]::Delay(-1).Wait($_.Token) }
            )
            $run = Start-Script {
                foreach ($body in $using:bodies) {
                    Use-ExitHandler { 'ready'; . $body; Out-Line 'not reached' } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                    $ErrorActionPreference = 'Continue'
                    'caller goes on'
                }
            }
            # Not SIGTERM: Windows ends a process soon after it.
            foreach ($body in $bodies) { $null = $run | Wait-Line ready | Send-Signal INT }
            $run | Assert-Run -Output ($bodies | ForEach-Object { 'ready', 'exit: Signal SIGINT 130', 'caller goes on' })
        }

        It 'a body that floods its output: no line is cut, and the output of the exit block follows' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    1..10 | ForEach-Object { 'flood' }
                    Out-Line 'ready'
                    while ($true) { 'flood' }
                } -OnExit { "exit: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -OutputMatch '\A(flood\n){10}ready\n(flood\n)*exit: SIGTERM\ncaller goes on\n?\z'
        }
    }

    Context 'flow' {
        It 'the finally blocks of the body and of recursive functions run first, its catch block sees no error; the function goes on' -Tag A2 {
            $run = Start-Script {
                function Invoke-Deep($Depth) {
                    try {
                        if ($Depth -eq 0) {
                            Out-Line 'ready'
                            Wait-Forever
                        }
                        Invoke-Deep ($Depth - 1)
                    }
                    finally { $script:left++ }
                }

                function Start-Work {
                    Use-ExitHandler {
                        try { Invoke-Deep 100 }
                        catch { Out-Line "caught: $_" }
                        finally { Out-Line "finally of the body, left: $left" }
                        Out-Line 'not reached'
                    } -OnExit { Out-Line "exit: $($_.Signal)" }
                    'result'
                }

                "the function returned: $(Start-Work)"
            }
            $run | Wait-Line ready | Send-Signal HUP
            $run | Assert-Run -Output ready, 'finally of the body, left: 101', 'exit: SIGHUP', 'the function returned: result'
        }

        It 'the caller''s pipeline goes on to its end' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    'from the body'
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit { 'from the exit block' } |
                    ForEach-Object -Process { Out-Line "got: $_" } -End { Out-Line 'end of the pipeline' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal INT
            $run | Assert-Run -Output 'got: from the body', ready, 'got: from the exit block', 'end of the pipeline', 'caller goes on'
        }

        It 'a later command in the pipeline that is processing the body''s output goes on, and so does the caller' -Tag A2 {
            $run = Start-Script {
                function Read-Everything {
                    Use-ExitHandler { while ($true) { 'item' } } -OnExit { 'exit block' }
                    'function goes on'
                }

                Read-Everything | ForEach-Object {
                    if ($_ -ne 'item') { Out-Line "consumer: $_" }
                    elseif (-not $isReady) {
                        $isReady = $true
                        Out-Line 'ready'
                    }
                    else {
                        # Nearly all the time is spent here.
                        foreach ($number in 1..2000) { $null = $number * 2 }
                    }
                }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'consumer: exit block', 'consumer: function goes on', 'caller goes on'
        }

        It 'each scope of a script can be ended: <_>' -Tag A2 -ForEach @('TERM HUP TERM', 'INT INT INT') {
            $first, $second, $third = -split $_
            $run = Start-Script {
                foreach ($name in 'first', 'second', 'third') {
                    Use-ExitHandler { "$name is ready"; Wait-Forever } -OnExit { "$name exit: $($_.Signal)" }
                }
                'caller goes on'
            }
            $run | Wait-Line 'first is ready' | Send-Signal $first
            $run | Wait-Line 'second is ready' | Send-Signal $second
            $run | Wait-Line 'third is ready' | Send-Signal $third
            $run | Assert-Run -Output @(
                'first is ready', "first exit: SIG$first"
                'second is ready', "second exit: SIG$second"
                'third is ready', "third exit: SIG$third"
                'caller goes on'
            )
        }

        It 'the script exits with its own status, SIG<_>' -Tag A2 -ForEach TERM, INT {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'exit block' }
                'caller goes on'
                exit 7
            }
            $run | Wait-Line ready | Send-Signal $_
            $run | Assert-Run -Output ready, 'exit block', 'caller goes on' -Status 7
        }
    }

    It 'tells the exit block what happened, and leaves it in -ExitVariable' -Tag A2 {
        $run = Start-Script {
            Use-ExitHandler {
                $token = $_.Token
                'ready'
                Wait-Forever
            } -OnExit {
                "requested: $($_.IsExitRequested), cancelled: $($token.IsCancellationRequested)"
                "requested after it began: $($_.RequestedAt -ge $_.StartedAt)"
                "error: '$($_.ErrorRecord)', rescue: $($_.IsRescue)"
            } -ExitVariable context
            "afterwards: $($context.Reason) $($context.Signal) $($context.ExitCode)"
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output @(
            'ready'
            'requested: True, cancelled: True'
            'requested after it began: True'
            "error: '', rescue: False"
            'afterwards: Signal SIGTERM 143'
        )
    }

    # Names with or without SIG, in any case, or numbers. Windows, which ends a process soon after SIGTERM, has the first ones.
    It '-Signal says what ends it: <Sent>' -Tag A2 -ForEach @(
        @{ Given = 2, 'SIGQUIT', 'Term'; Sent = 'INT', 'QUIT', 'TERM'; Code = 130, 131, 143 }
        @{ Given = 'SIGUSR1', 'usr2', 'sighup'; Sent = 'USR1', 'USR2', 'HUP'; Code = 138, 140, 129 }
        @{ Given = @('INT', 'usr1', 15), @('INT', 'usr1', 15), 14; Sent = 'USR1', 'TERM', 'ALRM'; Code = 138, 143, 142 }
    ) {
        Skip-Unless -Linux:('ALRM' -in $Sent) -Unix:('USR1' -in $Sent)
        $run = Start-Script {
            foreach ($signals in $using:Given) {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit: $($_.Signal) $($_.ExitCode)" } -Signal $signals
                'caller goes on'
            }
        }
        foreach ($signal in $Sent) { $null = $run | Wait-Line ready | Send-Signal $signal }
        $run | Assert-Run -Output (0..2 | ForEach-Object { 'ready', "exit: SIG$($Sent[$_]) $($Code[$_])", 'caller goes on' })
    }

    It 'the same if the module is removed in the body, or in the exit block' -Tag A2 {
        # Windows ends a process soon after SIGTERM: a second one can't come.
        $signal = (Test-Windows) ? 'SIGINT' : 'SIGTERM'
        $run = Start-Script {
            foreach ($place in 'body', 'exit block') {
                Import-Module $env:GRACEFULEXIT_MODULE
                Use-ExitHandler {
                    if ($place -eq 'body') { Remove-Module GracefulExit }
                    'ready'
                    Wait-Forever
                } -OnExit {
                    if ($place -eq 'exit block') { Remove-Module GracefulExit }
                    "exit: $($_.Reason) $($_.Signal)"
                }, { "second exit block: $($_.Signal)" }
                "caller goes on: $($null -eq (Get-Module GracefulExit))"
            }
            Import-Module $env:GRACEFULEXIT_MODULE
            Use-ExitHandler { Send-Signal $using:signal; Wait-Forever } -OnExit { "again: $($_.Signal)" }
        }
        foreach ($place in 1..2) { $null = $run | Wait-Line ready | Send-Signal $signal }
        $once = 'ready', "exit: Signal $signal", "second exit block: $signal", 'caller goes on: True'
        $run | Assert-Run -Output ($once + $once + "again: $signal")
    }

    Context 'the examples' {
        It 'handle-exit.ps1 is ended by its own signal, cleans up and goes on' -Tag A2 {
            Skip-Unless -Unix
            $run = Start-Script -Path $examples/handle-exit.ps1
            $run | Assert-Run -Output 'starting', 'exiting: Signal SIGTERM', 'goodbye'
        }

        It 'quickstart.ps1 works, is ended by SIG<_>, removes its file and says goodbye' -Tag A2 -ForEach TERM, INT {
            $run = Start-Script {
                . "$using:examples/quickstart.ps1"
                "removed: $(-not [System.IO.File]::Exists($file)), left: $([System.IO.Directory]::GetFiles([System.IO.Path]::GetTempPath(), '*.tmp').Count)"
            }
            $run | Wait-Line 'Worked for 1 s' | Send-Signal $_
            $run | Assert-Run -OutputMatch @(
                '\AThis is process (\d+)\. Stop it with Ctrl\+C, or from another terminal: kill \1\n'
                '^Working with the temporary file .+\n'
                '\GWorked for 1 s\n'
                "^Removed the temporary file, because of SIG$_\n"
                '\GGoodbye\n'
                '\Gremoved: True, left: 0\n\z'
            )
        }

        It 'quickstart.ps1 is ended by Ctrl+C at a terminal' -Tag A2 {
            $run = Start-Script -Terminal {
                . "$using:examples/quickstart.ps1"
                "removed: $(-not [System.IO.File]::Exists($file)), left: $([System.IO.Directory]::GetFiles([System.IO.Path]::GetTempPath(), '*.tmp').Count)"
            }
            $run | Wait-Line 'Worked for 1 s' | Send-CtrlC
            $run | Assert-Run -OutputMatch '^Worked for 1 s$', 'Removed the temporary file, because of SIGINT\n', '^Goodbye\n', '^removed: True, left: 0\n'
        }
    }
}
