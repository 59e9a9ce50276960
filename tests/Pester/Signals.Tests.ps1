Describe 'A signal ends a scope' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $signals = 'TERM', 'INT', 'HUP'
    }

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
    }

    Context 'the body is stopped, the exit block runs once, the caller goes on' {
        It 'SIG<Signal>, <How>' -Tag A2 -ForEach @(
            foreach ($signal in $signals) {
                foreach ($how in '-File', '-Command') {
                    @{ Signal = $signal; How = $how; Number = @{ TERM = 15; INT = 2; HUP = 1 }[$signal] }
                }
            }
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

        It 'a body that only computes, SIG<_>' -Tag A2 -ForEach $signals {
            $run = Start-Script {
                Use-ExitHandler {
                    while ($true) {
                        $number = $number + 1
                        if ($number -eq 1000) { 'ready' }
                    }
                } -OnExit { "exit: $($_.Signal), it had counted: $($number -gt 0)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $_
            $run | Assert-Run -Output ready, "exit: SIG$_, it had counted: True", 'caller goes on'
        }

        It 'a body that catches everything: try and catch' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    'ready'
                    while ($true) { try { Start-Sleep -Milliseconds 1 } catch { Out-Line 'not reached' } }
                    Out-Line 'not reached either'
                } -OnExit { "exit: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM', 'caller goes on'
        }

        It 'a body that catches everything: trap and continue' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    'ready'
                    & { trap { Out-Line 'not reached'; continue } while ($true) { Start-Sleep -Milliseconds 1 } }
                    while ($true) { }
                    Out-Line 'not reached either'
                } -OnExit { "exit: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM', 'caller goes on'
        }

        It 'a body that goes on after every error' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    'ready'
                    $ErrorActionPreference = 'SilentlyContinue'
                    while ($true) { Get-Item /nowhere; [int]::Parse('no number') }
                    Out-Line 'not reached'
                } -OnExit { "exit: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM', 'caller goes on'
        }

        It 'a .NET call that waits for the token: its exception does not count as an error of the body' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    'ready'
                    [System.Threading.Tasks.Task]::Delay(-1).Wait($_.Token)
                    'not reached'
                } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: Signal SIGTERM 143', 'caller goes on'
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
        It 'the body''s own finally block runs first; its catch block sees no error' -Tag A2 {
            $run = Start-Script {
                Use-ExitHandler {
                    try {
                        'ready'
                        Wait-Forever
                    }
                    catch { Out-Line "caught: $_" }
                    finally { Out-Line 'finally of the body' }
                    Out-Line 'not reached'
                } -OnExit { 'exit block' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'finally of the body', 'exit block', 'caller goes on'
        }

        It 'deep within recursive functions, all finally blocks run first' -Tag A2 {
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

                Use-ExitHandler { Invoke-Deep 100 } -OnExit { "exit: $($_.Signal), left: $left" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM, left: 101', 'caller goes on'
        }

        It 'the next statement is the one in the function; outer callers are not affected' -Tag A2 {
            $run = Start-Script {
                function Start-Work {
                    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' }
                    'result'
                }

                "the function returned: $(Start-Work)"
            }
            $run | Wait-Line ready | Send-Signal HUP
            $run | Assert-Run -Output ready, 'exit block', 'the function returned: result'
        }

        It 'the caller''s pipeline goes on to its end, SIG<_>' -Tag A2 -ForEach TERM, INT {
            $run = Start-Script {
                Use-ExitHandler {
                    'from the body'
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit { 'from the exit block' } |
                    ForEach-Object -Process { Out-Line "got: $_" } -End { Out-Line 'end of the pipeline' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $_
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

    # Names with or without SIG, in any case, or numbers. A scope listens to these only.
    It '-Signal <Given>: SIG<Sent> ends it' -Tag A2 -ForEach @(
        @{ Given = 'SIGUSR1'; Sent = 'USR1'; Code = 138 }
        @{ Given = 'usr2'; Sent = 'USR2'; Code = 140 }
        @{ Given = 'Term'; Sent = 'TERM'; Code = 143 }
        @{ Given = 'sighup'; Sent = 'HUP'; Code = 129 }
        @{ Given = 2; Sent = 'INT'; Code = 130 }
        @{ Given = 'SIGQUIT'; Sent = 'QUIT'; Code = 131 }
        @{ Given = @('INT', 'usr1', 15); Sent = 'USR1'; Code = 138 }
        @{ Given = @('INT', 'usr1', 15); Sent = 'TERM'; Code = 143 }
        @{ Given = 14; Sent = 'ALRM'; Code = 142 }
    ) {
        Skip-Unless -Linux:($Sent -eq 'ALRM') -Unix:("$Given" -match 'usr')
        $run = Start-Script {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit: $($_.Signal) $($_.ExitCode)" } -Signal $using:Given
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $Sent
        $run | Assert-Run -Output ready, "exit: SIG$Sent $Code", 'caller goes on'
    }

    It 'the same if the module is removed in the <_>' -Tag A2 -ForEach 'body', 'exit block' {
        # Windows ends a process soon after SIGTERM: a second one can't come.
        $signal = (Test-Windows) ? 'SIGINT' : 'SIGTERM'
        $run = Start-Script {
            Use-ExitHandler {
                if ($using:_ -eq 'body') { Remove-Module GracefulExit }
                'ready'
                Wait-Forever
            } -OnExit {
                if ($using:_ -eq 'exit block') { Remove-Module GracefulExit }
                "exit: $($_.Reason) $($_.Signal)"
            }, { "second exit block: $($_.Signal)" }
            'caller goes on'
            Import-Module $env:GRACEFULEXIT_MODULE
            Use-ExitHandler { Send-Signal $using:signal; Wait-Forever } -OnExit { "again: $($_.Signal)" }
        }
        $run | Wait-Line ready | Send-Signal $signal
        $run | Assert-Run -Output ready, "exit: Signal $signal", "second exit block: $signal", 'caller goes on', "again: $signal"
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
