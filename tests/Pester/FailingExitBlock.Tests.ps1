Describe 'An exit block throws' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'it is reported, and the remaining exit blocks run' {
        It 'as a non-terminating error for each block that fails, which says which one; the caller goes on' -Tag B8 {
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

                Use-ExitHandler {} -OnExit { throw 'red' }, { Out-Line 'second' }, { throw 'blue' } 2>&1 | ForEach-Object {
                    "$($_.FullyQualifiedErrorId -replace ',.*'), red: $($_.Exception.Message -match 'red'), blue: $($_.Exception.Message -match 'blue')"
                }
                'caller goes on again'

                # This error ends nothing.
                Use-ExitHandler {} -OnExit { Write-Error 'written'; 'exit block goes on' } -ErrorVariable errors
                "errors: $($errors -join ', ')"
            }
            $run | Assert-Run -ErrorMatch '2 of 3.*broken in the second', 'written' -Output @(
                'body', 'first', 'third'
                'caller goes on: ExitBlockFailed,GracefulExit.Commands.UseExitHandlerCommand'
                'second', 'ExitBlockFailed, red: True, blue: False', 'ExitBlockFailed, red: False, blue: True', 'caller goes on again'
                'exit block goes on', 'errors: written'
            )
        }

        It 'in a scope within a scope, after a signal: its last exit block and the outer one run' -Tag B8 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { throw 'broken in the inner exit block' }, { "last exit block: $($_.Signal)" } -Append
                    'not reached'
                } -OnExit { 'outer exit block' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'last exit block: SIGTERM', 'outer exit block', 'caller goes on' -ErrorMatch 'broken in the inner exit block'
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
        It 'by an error, which the caller catches, by break, or by exit <_>' -Tag B8 -ForEach 0, 7 {
            $run = Start-Script {
                try {
                    Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken after an error' }, { "last exit block: $($_.ErrorRecord)" }
                }
                catch { "caught: $_" }

                foreach ($i in 1..3) {
                    Use-ExitHandler { break } -OnExit { throw 'broken after break' }
                    'not reached'
                }
                "caller goes on: $i"

                Use-ExitHandler { exit $using:_ } -OnExit { throw 'broken after exit' }, { "last exit block: $($_.ExitCode)" }
                'not reached'
                exit 99
            }
            $run | Assert-Run -Status $_ -ErrorMatch 'broken after an error', 'broken after break', 'broken after exit' -Output @(
                'last exit block: broken in the body', 'caught: broken in the body'
                'caller goes on: 1'
                "last exit block: $_"
            )
        }
    }

    It 'a caller that stops at errors can catch the error, or the body''s own, after the remaining exit blocks; the body''s exit is the script''s' -Tag B8 {
        $run = Start-Script {
            $ErrorActionPreference = 'Stop'
            try {
                Use-ExitHandler { 'body' } -OnExit { Write-Error 'broken in the exit block'; 'not reached' }, { 'last exit block' }
                'not reached either'
            }
            catch { "caught: $($_.FullyQualifiedErrorId -replace ',.*')" }

            try {
                Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken after an error' }, { 'last exit block' }
            }
            catch { "caught: $_" }

            Use-ExitHandler { exit 7 } -OnExit { throw 'broken after exit' }, { 'last exit block' }
            'not reached'
        }
        $run | Assert-Run -Status 7 -ErrorMatch 'broken after an error', 'broken after exit' -Output @(
            'body', 'last exit block', 'caught: ExitBlockFailed'
            'last exit block', 'caught: broken in the body'
            'last exit block'
        )
    }
}
