Describe 'An exit block throws' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'it is reported, and the remaining exit blocks run' {
        It 'as a non-terminating error that says which block failed; the caller goes on' -Tag B8 {
            $run = Start-Script {
                Use-ExitHandler { 'body' } -OnExit {
                    'first'
                }, {
                    throw 'broken in the second'
                    'not reached'
                }, {
                    'third'
                } -ErrorVariable errors
                "caller goes on: $($errors[-1].FullyQualifiedErrorId)"
            }
            $run | Assert-Run -ErrorMatch '2 of 3.*broken in the second' -Output @(
                'body', 'first', 'third'
                'caller goes on: ExitBlockFailed,GracefulExit.Commands.UseExitHandlerCommand'
            )
        }

        It 'for each block that throws' -Tag B8 {
            $run = Start-Script {
                Use-ExitHandler {} -OnExit { throw 'red' }, { Out-Line 'second' }, { throw 'blue' } 2>&1 | ForEach-Object {
                    "$($_.FullyQualifiedErrorId -replace ',.*'), red: $($_.Exception.Message -match 'red'), blue: $($_.Exception.Message -match 'blue')"
                }
                'caller goes on'
            }
            $run | Assert-Run -Output second, 'ExitBlockFailed, red: True, blue: False', 'ExitBlockFailed, red: False, blue: True', 'caller goes on'
        }

        It 'after a signal too' -Tag B8 {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { throw 'broken in the exit block' }, { "last exit block: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'last exit block: SIGTERM', 'caller goes on' -ErrorMatch 'broken in the exit block'
        }

        It 'in a scope within a scope, after a signal: the outer exit block runs' -Tag B8 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { throw 'broken in the inner exit block' } -Append
                    'not reached'
                } -OnExit { 'outer exit block' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'outer exit block', 'caller goes on' -ErrorMatch 'broken in the inner exit block'
        }

        It 'because the disk under the log that it writes is full' -Tag B8 {
            Skip-Unless -Linux
            $run = Start-Script {
                function Write-Log($Text) { [System.IO.File]::AppendAllText('/dev/full', $Text) }
                Use-ExitHandler {
                    Write-Log 'body begins'
                    'ready'
                    Wait-Forever
                } -OnExit {
                    Write-Log 'exit block begins'
                    'exit block' > /dev/full
                    "exit block ends: $($_.Signal)"
                }, {
                    try { Write-Log 'second' } catch { throw }
                    'not reached'
                }, { "third: $($_.Signal)" }
                "caller goes on: $($Error[0].FullyQualifiedErrorId)"
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -ErrorMatch 'Write-Log|AppendAllText', 'AppendAllText', 'Out-File', '2 of 3' -Output @(
                'ready', 'exit block ends: SIGTERM', 'third: SIGTERM'
                'caller goes on: ExitBlockFailed,GracefulExit.Commands.UseExitHandlerCommand'
            )
        }
    }

    Context 'how the body ended is not lost' {
        It 'by an error: the caller catches the body''s' -Tag B8 {
            $run = Start-Script {
                try {
                    Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken in the exit block' }, { "last exit block: $($_.ErrorRecord)" }
                }
                catch { "caught: $_" }
                'caller goes on'
            }
            $run | Assert-Run -Output 'last exit block: broken in the body', 'caught: broken in the body', 'caller goes on' -ErrorMatch 'broken in the exit block'
        }

        It 'by exit <_>' -Tag B8 -ForEach 0, 7 {
            $run = Start-Script {
                Use-ExitHandler { exit $using:_ } -OnExit { throw 'broken in the exit block' }, { "last exit block: $($_.ExitCode)" }
                'not reached'
                exit 99
            }
            $run | Assert-Run -Output "last exit block: $_" -ErrorMatch 'broken in the exit block' -Status $_
        }

        It 'by break' -Tag B8 {
            $run = Start-Script {
                foreach ($i in 1..3) {
                    Use-ExitHandler { break } -OnExit { throw 'broken in the exit block' }
                    'not reached'
                }
                "caller goes on: $i"
            }
            $run | Assert-Run -Output 'caller goes on: 1' -ErrorMatch 'broken in the exit block'
        }
    }

    Context 'in a caller that stops at errors' {
        It 'the caller can catch the error, after the remaining exit blocks have run' -Tag B8 {
            $run = Start-Script {
                $ErrorActionPreference = 'Stop'
                try {
                    Use-ExitHandler { 'body' } -OnExit { Write-Error 'broken in the exit block'; 'not reached' }, { 'last exit block' }
                    'not reached either'
                }
                catch { "caught: $($_.FullyQualifiedErrorId -replace ',.*')" }
            }
            $run | Assert-Run -Output 'body', 'last exit block', 'caught: ExitBlockFailed'
        }

        It 'the caller catches the body''s own error' -Tag B8 {
            $run = Start-Script {
                $ErrorActionPreference = 'Stop'
                try {
                    Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken in the exit block' }, { 'last exit block' }
                }
                catch { "caught: $_" }
                'caller goes on'
            }
            $run | Assert-Run -Output 'last exit block', 'caught: broken in the body', 'caller goes on' -ErrorMatch 'broken in the exit block'
        }

        It 'the body''s exit 7 ends the script with 7' -Tag B8 {
            $run = Start-Script {
                $ErrorActionPreference = 'Stop'
                Use-ExitHandler { exit 7 } -OnExit { throw 'broken in the exit block' }, { 'last exit block' }
                'not reached'
            }
            $run | Assert-Run -Output 'last exit block' -ErrorMatch 'broken in the exit block' -Status 7
        }
    }

    It 'a non-terminating error does not end the block, and is not a failure of it' -Tag B8 {
        $run = Start-Script {
            Use-ExitHandler {} -OnExit { Write-Error 'written'; 'exit block goes on' } -ErrorVariable errors
            "errors: $($errors -join ', ')"
        }
        $run | Assert-Run -Output 'exit block goes on', 'errors: written' -ErrorMatch 'written'
    }
}
