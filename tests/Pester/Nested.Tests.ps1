Describe 'A scope within a scope' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # One that a scope does not listen to unless it is told to.
        $other = (Test-Windows) ? 'SIGQUIT' : 'SIGUSR1'
    }

    Context 'without -Append, in the same runspace' {
        It 'is refused before its body starts; the old scope goes on and is ended as usual' -Tag A5 {
            $run = Start-Script {
                Use-ExitHandler {
                    try { Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' } }
                    catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
                    'ready'
                    Wait-Forever
                } -OnExit { "exit: $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output 'ExitHandlerAlreadyRegistered ResourceExists', ready, 'exit: SIGTERM', 'caller goes on'
        }

        It 'the error says where the active scope began and what to do; without try it is shown, and the old body goes on' -Tag A5 {
            $run = Start-Script {
                Use-ExitHandler { # line 2
                    Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' }
                    'old body goes on'
                } -OnExit { "exit: $_" }
                'caller goes on'
            }
            $run | Assert-Run -Output 'old body goes on', 'exit: Completed', 'caller goes on' -ErrorMatch 'script\.ps1:2', '-Append'
        }

        It 'in a script that stops at errors it ends the old body as any error does: exit block, status 1' -Tag A5 {
            $run = Start-Script {
                $ErrorActionPreference = 'Stop'
                Use-ExitHandler {
                    Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' }
                    'not reached'
                } -OnExit { "exit: $($_.Reason) $($_.ErrorRecord.FullyQualifiedErrorId -replace ',.*')" }
                'not reached'
            }
            $run | Assert-Run -Output 'exit: Error ExitHandlerAlreadyRegistered' -ErrorMatch '-Append' -Status 1
        }

        It 'leaves no trace: no -ExitVariable, no signal that stays taken; a new scope can begin after the old one' -Tag A5 {
            $run = Start-Script {
                Use-ExitHandler {
                    $_ = 'mine'
                    try { Use-ExitHandler {} -Signal $using:other -ExitVariable context } catch { Out-Line 'refused' }
                    "`$context: '$context', `$_: $_"
                } -OnExit { 'old exit block' } -Signal SIGHUP
                Use-ExitHandler { 'new body' } -OnExit { 'new exit block' }
                'ready'
                Wait-Forever
            }
            $run | Wait-Line ready | Send-Signal $other
            $run | Assert-Run -Output refused, '$context: '''', $_: mine', 'old exit block', 'new body', 'new exit block', ready -Status ((Test-Windows) ? @(0, 1) : $other) # pwsh stops the script on Ctrl+Break, as on Ctrl+C: 0 or 1 by chance
        }

        It 'a scope in another runspace needs no -Append; a second one there does' -Tag A5 {
            $run = Start-Script {
                Use-ExitHandler {
                    $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                    $null = $shell.AddScript({
                        param($module)
                        Import-Module $module
                        Use-ExitHandler {
                            'body in another runspace'
                            try { Use-ExitHandler { 'not reached' } } catch { $_.FullyQualifiedErrorId -replace ',.*' }
                            Use-ExitHandler { 'appended body' } -OnExit { 'appended exit block' } -Append
                        } -OnExit { "exit block there: $_" }
                    }).AddArgument($env:GRACEFULEXIT_MODULE)
                    $shell.Invoke()
                } -OnExit { "exit: $_" }
                'caller goes on'
            }
            $run | Assert-Run -Output @(
                'body in another runspace'
                'ExitHandlerAlreadyRegistered'
                'appended body', 'appended exit block'
                'exit block there: Completed'
                'exit: Completed'
                'caller goes on'
            )
        }
    }

    Context 'with -Append' {
        It 'SIG<Signal> ends both, newest first; nothing more of the outer body runs; the caller goes on, <How>' -Tag A6 -ForEach @(
            @{ Signal = 'TERM'; Code = 143; How = '-File' }
            @{ Signal = 'INT'; Code = 130; How = '-Command' }
            @{ Signal = 'HUP'; Code = 129; How = '-File' }
        ) {
            $run = Start-Script -AsCommand:($How -eq '-Command') {
                Use-ExitHandler {
                    'outer body'
                    Use-ExitHandler {
                        'ready'
                        Wait-Forever
                    } -OnExit { "inner exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -Append
                    Out-Line 'more of the outer body'
                } -OnExit { "outer exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $Signal
            $run | Assert-Run -Output 'outer body', ready, "inner exit: Signal SIG$Signal $Code", "outer exit: Signal SIG$Signal $Code", 'caller goes on'
        }

        It 'three scopes deep, through functions and a loop: each exit block once, newest first' -Tag A6 {
            $run = Start-Script {
                function Start-Third {
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'third exit block' } -Append
                    Out-Line 'more of the function'
                }

                Use-ExitHandler {
                    foreach ($number in 1..2) {
                        Use-ExitHandler { Start-Third; Out-Line 'more of the second body' } -OnExit { 'second exit block' } -Append
                        Out-Line 'more of the loop'
                    }
                    Out-Line 'more of the first body'
                } -OnExit { 'first exit block' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'third exit block', 'second exit block', 'first exit block', 'caller goes on'
        }

        It 'between the exit blocks the outer body is unwound: its finally block runs to its end, its catch block sees nothing' -Tag A6 {
            $run = Start-Script {
                Use-ExitHandler {
                    try {
                        Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'inner exit block' } -Append
                        Out-Line 'more of the outer body'
                    }
                    catch { Out-Line "caught: $_" }
                    finally {
                        Out-Line 'finally of the outer body begins'
                        $sum = (1..1000 | Measure-Object -Sum).Sum
                        Out-Line "finally of the outer body ends: $sum"
                    }
                } -OnExit { 'outer exit block' }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                'inner exit block'
                'finally of the outer body begins', 'finally of the outer body ends: 500500'
                'outer exit block'
                'caller goes on'
            )
        }

        It 'an inner scope that has ended by itself: the outer body goes on; a signal ends the outer scope only, whose exit block may begin one of its own' -Tag A6 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler { 'inner body' } -OnExit { 'inner exit block' } -Append
                    'ready'
                    Wait-Forever
                } -OnExit {
                    Use-ExitHandler { "body within the exit block: $($_.IsExitRequested)" } -OnExit { "its exit block: $_" } -Append
                    "exit block goes on: $_"
                }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal HUP
            $run | Assert-Run -Output @(
                'inner body', 'inner exit block', 'ready'
                'body within the exit block: False', 'its exit block: Completed', 'exit block goes on: Signal SIGHUP', 'caller goes on'
            )
        }

        It 'an error or exit in the inner body: both exit blocks run, inner first, then the caller catches the error, or the script exits' -Tag A6 {
            $run = Start-Script {
                try {
                    Use-ExitHandler {
                        Use-ExitHandler { throw 'broken' } -OnExit { "inner exit: $($_.ErrorRecord)" } -Append
                        Out-Line 'more of the outer body'
                    } -OnExit { "outer exit: $($_.ErrorRecord)" }
                }
                catch { "caught: $_" }
                "`$Error: $($Error.Count)"
                Use-ExitHandler {
                    Use-ExitHandler { exit 3 } -OnExit { "inner exit: $($_.Reason) $($_.ExitCode)" } -Append
                    Out-Line 'more of the outer body'
                } -OnExit { "outer exit: $($_.Reason) $($_.ExitCode)" }
                'not reached'
            }
            $run | Assert-Run -Output 'inner exit: broken', 'outer exit: broken', 'caught: broken', '$Error: 1', 'inner exit: Exit 3', 'outer exit: Exit 3' -Status 3
        }

        It 'a signal that only the inner scope listens to ends that one only' -Tag A6 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "inner exit: $($_.Signal)" } -Signal $using:other -Append
                    'more of the outer body'
                } -OnExit { "outer exit: $_" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal $other
            $run | Assert-Run -Output ready, "inner exit: $other", 'more of the outer body', 'outer exit: Completed', 'caller goes on'
        }

        It 'a signal that only the outer scope listens to stops the inner one from outside: its exit block still runs first' -Tag A6 {
            $run = Start-Script {
                Use-ExitHandler {
                    # The pipeline around it is being stopped: it would take no output.
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line "inner exit: $($_.Reason)" } -Signal $using:other -Append
                    Out-Line 'more of the outer body'
                } -OnExit { "outer exit: $($_.Reason) $($_.Signal)" }
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'inner exit: Stopped', 'outer exit: Signal SIGTERM', 'caller goes on'
        }
    }

    Context 'Get-ExitHandler' {
        It 'lists the active scopes, newest first, in the body, an exit block and another runspace' -Tag A6 {
            $run = Start-Script {
                function Show-Handler($From) {
                    foreach ($handler in @(Get-ExitHandler)) {
                        "${From}: $($handler.Id) $($handler.State) $($handler.Signal -join '+') $($handler.StartedFrom) depth $($handler.Depth)"
                    }
                }

                "before: $(@(Get-ExitHandler).Count)"
                Use-ExitHandler { # line 9
                    Show-Handler 'outer body'
                    Use-ExitHandler { # line 11
                        Show-Handler 'inner body'
                        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                        $found = $shell.AddScript('param($module) Import-Module $module; Get-ExitHandler').AddArgument($env:GRACEFULEXIT_MODULE).Invoke()
                        "another runspace: $($found.Id), the context: $($found[0].Context -eq $_)"
                    } -OnExit { Show-Handler 'inner exit' } -Append -Signal ($using:other -replace 'SIG').ToLower()
                } -OnExit { Show-Handler 'outer exit' }
                "afterwards: $(@(Get-ExitHandler).Count)"
            }
            $run | Assert-Run -Output @(
                'before: 0'
                'outer body: 1 Body SIGTERM+SIGINT+SIGHUP script.ps1:9 depth 1'
                "inner body: 2 Body $other script.ps1:11 depth 2", 'inner body: 1 Body SIGTERM+SIGINT+SIGHUP script.ps1:9 depth 1'
                'another runspace: 2 1, the context: True'
                "inner exit: 2 Exiting $other script.ps1:11 depth 2", 'inner exit: 1 Body SIGTERM+SIGINT+SIGHUP script.ps1:9 depth 1'
                'outer exit: 1 Exiting SIGTERM+SIGINT+SIGHUP script.ps1:9 depth 1'
                'afterwards: 0'
            )
        }

        It 'has script, line, runspace and begin as properties, and the state as an enumeration; its table fits 100 columns' -Tag A6 {
            $run = Start-Script {
                Use-ExitHandler { # line 2
                    $handler = Get-ExitHandler
                    "script: $($handler.ScriptName -eq $PSCommandPath), line: $($handler.ScriptLineNumber)"
                    "this runspace: $($handler.RunspaceId -eq [runspace]::DefaultRunspace.Id)"
                    "began: $($handler.StartedAt -le [datetime]::Now -and $handler.StartedAt -eq $_.StartedAt)"
                    "state: $($handler.State -is [enum]) $($handler.State)"
                    $table = ($handler | Out-String -Width 100).Trim() -split '\r?\n'
                    $table[0] -replace ' +', ' '
                    ($table[-1] -replace '\d\d-\d\d \d\d:\d\d:\d\d', 'DATE' -replace ' +', ' ').Trim()
                    "lines: $($table.Count), longer than 100: $(@($table | Where-Object Length -GT 100).Count)"
                }
            }
            $run | Assert-Run -Output @(
                'script: True, line: 2', 'this runspace: True', 'began: True', 'state: True Body'
                'Id Kind State Signal Runspace StartedAt StartedFrom'
                '1 Scope Body TERM, INT, HUP 1 DATE script.ps1:2'
                'lines: 3, longer than 100: 0'
            )
        }
    }
}
