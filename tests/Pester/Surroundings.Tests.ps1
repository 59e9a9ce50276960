Describe 'The same wherever the scope is' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    Context 'in a strict caller' {
        It 'an end, a signal, an error and an exit, -Command' -Tag B9 {
            $run = Start-Script -AsCommand {
                Set-StrictMode -Version Latest
                $ErrorActionPreference = 'Stop'
                Use-ExitHandler { 'body' } -OnExit { "exit: $($_.Reason)" } -ExitVariable context
                "context: '$($context.Signal)' '$($context.ErrorRecord)' '$($context.RequestedAt)'"
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "exit: $($_.Reason)" }
                try { Use-ExitHandler { $unset } -OnExit { "exit: $($_.Reason)" } } catch { "caught: $($_.FullyQualifiedErrorId)" }
                try { Use-ExitHandler { Get-Item /no/such/file; 'not reached' } -OnExit { "exit: $($_.Reason)" } } catch { "caught: $($_.CategoryInfo.Category)" }
                Use-ExitHandler { exit 5 } -OnExit { "exit: $($_.Reason)" }
            }
            # Under -Command, shells make 1 of a script's exit 5.
            $run | Assert-Run -Status 1 -Output @(
                'body', 'exit: Completed', "context: '' '' ''"
                'exit: Signal'
                'exit: Error', 'caught: VariableIsUndefined'
                'exit: Error', 'caught: ObjectNotFound'
                'exit: Exit'
            )
        }

        It 'a statement''s error ends the body and, uncaught, the script: status 1' -Tag B9 {
            $run = Start-Script {
                $ErrorActionPreference = 'Stop'
                Use-ExitHandler {
                    1 / 0 # line 4: the first is the prelude's
                    'not reached'
                } -OnExit { "exit: $($_.Reason)" }
                'not reached either'
            }
            $run | Assert-Run -Output 'exit: Error' -ErrorMatch 'script\.ps1:4', 'divide by zero' -Status 1
        }
    }

    It 'errors of statements, as in . { }: without try, within the caller''s try, within a try of the body' -Tag B9 {
        $run = Start-Script {
            # Each is shown, and the body goes on with its next statement.
            Use-ExitHandler {
                1 / 0
                Out-Line 'after the division'
                [int]::Parse('x')
                Out-Line 'after the method'
                Get-Item -NoSuchParameter
                Out-Line 'after the call'
            } -OnExit { "exit: $($_.Reason)" }
            "caller goes on: $($Error.Count) errors"

            # It ends the body, also when a function is in between.
            function Start-Work {
                Use-ExitHandler { [int]::Parse('x'); 'not reached' } -OnExit { Out-Line "exit: $($_.Reason)" }
                'not reached either'
            }
            $Error.Clear()
            try { Use-ExitHandler { 1 / 0; 'not reached' } -OnExit { Out-Line "exit: $($_.Reason)" }; 'not reached either' }
            catch { "caught: $($_.Exception.GetType().Name)" }
            try { Start-Work }
            catch { "caught: $($_.Exception.InnerException.GetType().Name)" }
            "caller goes on: $($Error.Count) errors"

            # It is caught there; the exit context has no error.
            Use-ExitHandler {
                try { 1 / 0; 'not reached' } catch { "body caught: $_" }
                try { throw 'broken' } catch { "body caught: $_" }
            } -OnExit {
                "exit: $($_.Reason) '$($_.ErrorRecord)'"
                try { 1 / 0; 'not reached' } catch { "exit block caught: $_" }
            }
        }
        $run | Assert-Run -ErrorMatch 'divide by zero', 'Parse', 'NoSuchParameter' -Output @(
            'after the division', 'after the method', 'after the call', 'exit: Completed', 'caller goes on: 3 errors'
            'exit: Error', 'caught: RuntimeException', 'exit: Error', 'caught: FormatException', 'caller goes on: 2 errors'
            'body caught: Attempted to divide by zero.', 'body caught: broken'
            "exit: Completed ''", 'exit block caught: Attempted to divide by zero.'
        )
    }

    It 'in a trap and in try, catch and finally blocks of the caller, which get the body''s error after the exit block' -Tag B9 {
        $run = Start-Script {
            function Start-Work {
                trap {
                    Out-Line "trap: $_"
                    Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { Out-Line "exit block in the trap: $($_.Reason)" }
                    Out-Line "trap goes on: $_"
                    continue
                }
                Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "exit: $($_.Reason)" }
                Out-Line 'next statement'
                Use-ExitHandler { 1 / 0; Out-Line 'not reached' } -OnExit { Out-Line "exit: $($_.Reason)" }
                Out-Line 'last statement'
            }

            Start-Work
            try {
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "in try: $($_.Reason)" }
                'try goes on'
                Use-ExitHandler { throw 'first' } -OnExit { "in try: $($_.Reason)" }
            }
            catch {
                "caught: $_"
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "in catch: $($_.Reason)" }
                "catch goes on: $_"
            }
            finally {
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "in finally: $($_.Reason)" }
                'finally goes on'
                try { Use-ExitHandler { throw 'second' } -OnExit { "in finally: $($_.Reason)" } } catch { "caught: $_" }
            }
            try { exit 5 }
            finally { Use-ExitHandler { Out-Line 'body while the script exits' } -OnExit { Out-Line "exit: $($_.Reason)" } }
        }
        $run | Assert-Run -Status 5 -Output @(
            'exit: Error', 'trap: broken', 'exit block in the trap: Signal', 'trap goes on: broken', 'next statement'
            'exit: Error', 'trap: Attempted to divide by zero.', 'exit block in the trap: Signal', 'trap goes on: Attempted to divide by zero.', 'last statement'
            'in try: Signal', 'try goes on', 'in try: Error', 'caught: first'
            'in catch: Signal', 'catch goes on: first'
            'in finally: Signal', 'finally goes on', 'in finally: Error', 'caught: second'
            'body while the script exits', 'exit: Completed'
        )
    }

    It 'in an advanced function with begin, process, end and clean blocks, in the middle of a pipeline' -Tag B9 {
        $run = Start-Script {
            function Convert-Item {
                [CmdletBinding()]
                param([Parameter(Mandatory, ValueFromPipeline)] [int] $Number)
                begin { Use-ExitHandler { 'begin' } -OnExit { Out-Line "exit block of begin: $($_.Reason)" } }
                process {
                    Use-ExitHandler { 10 * $Number; if ($Number -eq 2) { Send-Signal TERM; Wait-Forever } } -OnExit { Out-Line "exit block of ${Number}: $($_.Reason)" }
                    "after $Number"
                }
                end { Use-ExitHandler { 'end' } -OnExit { Out-Line "exit block of end: $($_.Reason)" } }
                clean { Use-ExitHandler { Out-Line 'clean' } -OnExit { Out-Line "exit block of clean: $($_.Reason)" } }
            }

            1..3 | Convert-Item | ForEach-Object { Out-Line "got $_" }
            try { 4 | Convert-Item -ErrorAction Stop | ForEach-Object { throw 'enough' } } catch { "caught: $_" }
        }
        $run | Assert-Run -Output @(
            'got begin', 'exit block of begin: Completed'
            'got 10', 'exit block of 1: Completed', 'got after 1'
            'got 20', 'exit block of 2: Signal', 'got after 2'
            'got 30', 'exit block of 3: Completed', 'got after 3'
            'got end', 'exit block of end: Completed'
            'clean', 'exit block of clean: Completed'
            'exit block of begin: Error', 'clean', 'exit block of clean: Completed', 'caught: enough'
        )
    }

    It 'in a method of a class, with $this and the method''s variables' -Tag B9 {
        $run = Start-Script {
            class Worker {
                [string] $State = 'new'

                [string] Work([string] $how) {
                    $text = 'from the method'
                    Use-ExitHandler {
                        $this.State = 'working'
                        $text = "$text and the body"
                        switch ($how) {
                            'signal' { Send-Signal TERM; Wait-Forever }
                            'throw' { throw 'broken' }
                            'exit' { exit 5 }
                        }
                    } -OnExit {
                        Out-Line "exit: $($_.Reason), $($this.State), $text"
                        $this.State = 'closed'
                    }
                    return "$($this.State), $text"
                }
            }

            $worker = [Worker]::new()
            $worker.Work('end')
            $worker.Work('signal')
            try { $worker.Work('throw') } catch { "caught: $_" }
            $worker.State
            $worker.Work('exit')
        }
        $run | Assert-Run -Status 5 -Output @(
            'exit: Completed, working, from the method and the body', 'closed, from the method and the body'
            'exit: Signal, working, from the method and the body', 'closed, from the method and the body'
            'exit: Error, working, from the method and the body', 'caught: broken', 'closed'
            'exit: Exit, working, from the method and the body'
        )
    }

    It 'in a module''s function: the module''s blocks see its variables and private functions, its caller''s blocks the caller''s variables' -Tag B9 {
        $run = Start-Script {
            [System.IO.File]::WriteAllText("$PWD/Worker.psm1", {
                $name = 'module'
                function Get-Private { 'private' }
                function Start-Worker {
                    [CmdletBinding()]
                    param()
                    $step = 'begun'
                    Use-ExitHandler {
                        $step = 'done'
                        $script:name = "changed $name"
                        $found = Get-Private
                    } -OnExit { "exit: $name, $step, $found, $($_.Reason)" }
                    Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "exit: $(Get-Private), $($_.Reason)" }
                    "function: $name, $step"
                }
                function Invoke-Worker([scriptblock] $Body, [scriptblock] $Clean) {
                    $name = 'function'
                    Use-ExitHandler $Body -OnExit $Clean
                    "function goes on: $name"
                }
                Export-ModuleMember -Function *-Worker
            })
            Import-Module "$PWD/Worker.psm1"

            $name = 'caller'
            Start-Worker
            Invoke-Worker { "body: $name, $($_.IsExitRequested)"; $made = 'by the body' } { "exit: $name, $made, $($_.Reason), $($args[0].Reason)" }
            Invoke-Worker { Send-Signal TERM; Wait-Forever } { "exit: $($_.Reason)" }
            try { Invoke-Worker { throw 'broken' } { "exit: $($_.Reason)" } } catch { "caught: $_" }
            "caller goes on: $name, '$made', '$_'"
            Invoke-Worker { exit 5 } { "exit: $($_.Reason)" }
        }
        $run | Assert-Run -Status 5 -Output @(
            'exit: changed module, done, private, Completed', 'exit: private, Signal', 'function: changed module, done'
            'body: caller, False', 'exit: caller, by the body, Completed, Completed', 'function goes on: function'
            'exit: Signal', 'function goes on: function'
            'exit: Error', 'caught: broken'
            "caller goes on: caller, 'by the body', ''"
            'exit: Exit'
        )
    }

    Context 'in files and texts' {
        It 'a script that is called, or dot-sourced: what body and exit block assign is in the scope into which it is dot-sourced' -Tag B9 {
            $run = Start-Script {
                [System.IO.File]::WriteAllText("$PWD/called.ps1", {
                    function Start-Work {
                        Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' }
                        'result'
                    }
                    "the function returned: $(Start-Work)"
                })
                & "$PWD/called.ps1"
                'calling script goes on'

                [System.IO.File]::WriteAllText("$PWD/dot-sourced.ps1", {
                    Use-ExitHandler {
                        $step = 'done'
                        switch ("$args") {
                            'throw' { throw 'broken' }
                            'exit' { exit 5 }
                            default { Send-Signal TERM; Wait-Forever }
                        }
                    } -OnExit {
                        "exit: $($_.Reason), $step"
                        $cleaned = 'cleaned'
                    } -ArgumentList $args
                })
                function Start-Work {
                    . "$PWD/dot-sourced.ps1"
                    "function: $step, $cleaned"
                }

                Start-Work
                "script: '$step', '$cleaned'"
                . "$PWD/dot-sourced.ps1"
                "script: $step, $cleaned"
                try { . "$PWD/dot-sourced.ps1" throw } catch { "caught: $_" }
                . "$PWD/dot-sourced.ps1" exit
                "exit of a dot-sourced file: $LASTEXITCODE"
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready', 'exit block', 'the function returned: result', 'calling script goes on'
                'exit: Signal, done', 'function: done, cleaned', "script: '', ''"
                'exit: Signal, done', 'script: done, cleaned'
                'exit: Error, done', 'caught: broken'
                'exit: Exit, done', 'exit of a dot-sourced file: 5'
            )
        }

        It 'the text of -EncodedCommand' -Tag B9 {
            $text = ". '$prelude'; " + {
                Use-ExitHandler { 'body' } -OnExit { "exit: $($_.Reason)" }
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "exit: $($_.Reason)" }
                try { Use-ExitHandler { throw 'broken' } -OnExit { "exit: $($_.Reason)" } } catch { "caught: $_" }
                Use-ExitHandler { exit 5 } -OnExit { "exit: $($_.Reason)" }
                'not reached'
            }
            $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))
            $run = Start-Program (Get-ShellPath) '-NoProfile', '-NonInteractive', '-EncodedCommand', $encoded
            $run | Assert-Run -Output body, 'exit: Completed', 'exit: Signal', 'exit: Error', 'caught: broken', 'exit: Exit' -Status 5
        }

        It 'a text that the shell reads from standard input' -Tag B9 {
            $run = Start-Program (Get-ShellPath) '-NoProfile', '-NonInteractive', '-Command', '-' -OpenInput
            $run | Send-Line ". '$prelude'" |
                Send-Line 'Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { Out-Line "exit: $($_.Reason)" }' |
                Send-Line 'Use-ExitHandler { Send-Signal INT; Wait-Forever } -OnExit { Out-Line "exit: $($_.Reason)" }; Out-Line "caller goes on"' |
                Send-Line 'Use-ExitHandler { exit 5 } -OnExit { Out-Line "exit: $($_.Reason)" }' |
                Send-Line 'Out-Line "not reached"' | Close-Input
            $run | Assert-Run -Output 'exit: Signal', 'exit: Signal', 'caller goes on', 'exit: Exit' -Status 5
        }
    }
}
