# Each body here is blocked where a stop does not reach it: in a native call, or computing in one (SpinWait, for more than a minute).
Describe 'A body that can''t be stopped: the exit block runs in a rescue' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
        $process = "$PSScriptRoot/Harness/process.ps1"
    }

    BeforeEach {
        Skip-Unless -Linux -Windows
    }

    Context 'the exit block frees the body, and the caller goes on' {
        It 'it sees variables as they are at that moment: the body''s own, the function''s, its parameters, the script''s, global ones' -Tag C3 {
            $run = Start-Script {
                $script:ofScript = 'script'
                $global:ofGlobal = 'global'
                $changed = 'before'
                function Start-Server($Parameter) {
                    $local = 'function'
                    Use-ExitHandler {
                        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                        $listener.Start()
                        $own = 'body'
                        $changed = 'changed by the body'
                        Show-LineWhen Blocked
                        $null = $listener.AcceptTcpClient()
                        'not reached'
                    } -OnExit {
                        "exit: $($_.Reason) $($_.Signal) $($_.ExitCode), rescue: $($_.IsRescue)"
                        "$own, $local, $Parameter, $script:ofScript, $ofScript, $global:ofGlobal, $ofGlobal"
                        "${changed}, in a nested block: $(& { $own }), in a string: $("$($local.ToUpperInvariant())")"
                        "as the argument too: $($args[0] -eq $_)"
                        $listener.Stop()
                    } -StopTimeoutSeconds 1 -ExitVariable context
                    "function goes on: $local, rescue: $($context.IsRescue), $($context.Reason) $($context.Signal)"
                }

                Start-Server 'parameter'
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                'exit: Signal SIGTERM 143, rescue: True'
                'body, function, parameter, script, script, global, global'
                'changed by the body, in a nested block: body, in a string: FUNCTION'
                'as the argument too: True'
                'function goes on: function, rescue: True, Signal SIGTERM'
                'caller goes on'
            )
        }

        It 'what it does to an object is seen by the caller: it is the same object' -Tag C3 {
            $run = Start-Script {
                $state = [pscustomobject]@{ Text = 'as the caller made it' }
                $list = [System.Collections.Generic.List[string]]::new()
                $table = @{ key = 1 }
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    $state.Text = 'changed by the rescue'
                    $list.Add('added by the rescue')
                    $table['key']++
                    $listener.Stop()
                } -StopTimeoutSeconds 1 -ExitVariable context
                "$($state.Text), $list, $($table['key']), rescue: $($context.IsRescue)"
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'changed by the rescue, added by the rescue, 2, rescue: True'
        }

        It 'it has the functions, filters and aliases that it names, and those that these name' -Tag C3 {
            $run = Start-Script {
                $prefix = 'named by a function'
                function Stop-All($What) { Close-One $What; closing }
                function Close-One { $args[0].Stop(); 'one' | Show-Item }
                filter Show-Item { "${prefix}: $_, $suffix" }
                function Write-Closing { 'through an alias' }
                Set-Alias closing Write-Closing

                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    $suffix = 'from the body'
                    function Get-Late { 'defined by the body' }
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    "rescue: $($_.IsRescue), $(Get-Late)"
                    Stop-All $listener
                } -StopTimeoutSeconds 1
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'rescue: True, defined by the body', 'named by a function: one, from the body', 'through an alias', 'caller goes on'
        }

        It 'several run in order, in one session, at the body''s location; their output is shown' -Tag C3 {
            Skip-Unless -Unix
            $run = Start-Script {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    Set-Location $PSHOME
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    $found = 'by the first'
                    "first, at the body's location: $((Get-Location).Path -eq [System.IO.Path]::TrimEndingDirectorySeparator($PSHOME))"
                }, {
                    Write-Host "second sees what was found $found"
                    Write-Warning 'a warning'
                    /bin/echo 'the output of a native command'
                }, {
                    "third, rescue: $($_.IsRescue)"
                    $listener.Stop()
                } -StopTimeoutSeconds 1
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                'first, at the body''s location: True'
                'second sees what was found by the first', 'WARNING: a warning', 'the output of a native command'
                'third, rescue: True'
                'caller goes on'
            )
        }

        It 'it can''t have a class of the script, which is an error; the other exit blocks run' -Tag C3 {
            $run = Start-Script {
                class Cleaner { static [string] Clean() { return 'cleaned' } }
                function Get-Clean { [Cleaner]::Clean() }
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    'first begins'
                    $null = Get-Clean
                    'first goes on, as after any failed statement'
                }, {
                    throw 'broken in the second'
                }, {
                    "third, rescue: $($_.IsRescue)"
                    $listener.Stop()
                } -StopTimeoutSeconds 1
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -ErrorMatch 'Unable to find type \[Cleaner\]', '2 of 3.*broken in the second' -Output @(
                'ready', 'first begins', 'first goes on, as after any failed statement', 'third, rescue: True', 'caller goes on'
            )
        }
    }

    Context 'modules' {
        BeforeAll {
            # Its functions need what only the module has: a private function, a variable of its own.
            $server = {
                $closing = 'closed by the module'
                function Start-Server {
                    $script:listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    $listener
                }
                function Start-ServerWithCleanUp {
                    $null = Start-Server
                    Use-ExitHandler {
                        Show-LineWhen Blocked
                        $null = $listener.AcceptTcpClient()
                    } -OnExit { "exit block of the module: $(Get-Closing), rescue: $($_.IsRescue)"; $listener.Stop() } -StopTimeoutSeconds 1
                    'function of the module goes on'
                }
                function Wait-Client($Listener) {
                    Show-LineWhen Blocked
                    $null = $Listener.AcceptTcpClient()
                }
                function Stop-Server($Listener) {
                    $Listener.Stop()
                    Get-Closing
                }
                function Get-Closing { $script:closing }
                Export-ModuleMember -Function *-Server*, Wait-Client
            }
        }

        It 'a module''s function that the exit block names: with the module''s private function and variable' -Tag C3 {
            $run = Start-Script {
                [System.IO.File]::WriteAllText("$PWD/Server.psm1", $using:server)
                Import-Module "$PWD/Server.psm1"
                Use-ExitHandler {
                    $listener = Start-Server
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit { "exit: $(Stop-Server $listener), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: closed by the module, rescue: True', 'caller goes on'
        }

        It 'a scope in a module''s function: its exit block sees the module''s private function and variables' -Tag C3 {
            $run = Start-Script {
                [System.IO.File]::WriteAllText("$PWD/Server.psm1", $using:server)
                Import-Module "$PWD/Server.psm1"
                Start-ServerWithCleanUp
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit block of the module: closed by the module, rescue: True', 'function of the module goes on', 'caller goes on'
        }

        It 'the body is blocked within a module''s function: the exit block has the script''s functions and variables all the same' -Tag C3 {
            $run = Start-Script {
                [System.IO.File]::WriteAllText("$PWD/Server.psm1", $using:server)
                Import-Module "$PWD/Server.psm1"
                $text = "the script's variable"
                function Start-Listening {
                    function Stop-Listening { $listener.Stop(); $text }
                    $ofFunction = "the function's variable"
                    Use-ExitHandler {
                        $listener = Start-Server
                        Wait-Client $listener
                    } -OnExit { "exit: $(Stop-Listening), $ofFunction, rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
                }

                Start-Listening
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, "exit: the script's variable, the function's variable, rescue: True", 'caller goes on'
        }
    }

    Context 'the settings that make the session safe apply there too' {
        It '<Name>' -Tag C3 -ForEach @(
            @{ Name = 'constants and read-only variables'; Set = {
                    Set-Variable Folder '/a/folder' -Option Constant
                    Set-Variable Name 'name' -Option ReadOnly
                }; Block = { "$Folder/$Name" }; Expected = '/a/folder/name' }
            @{ Name = '$WhatIfPreference'; Set = { $WhatIfPreference = $true; [System.IO.File]::WriteAllText("$PWD/kept", 'x') }
                Block = { Remove-Item kept; "kept: $([System.IO.File]::Exists("$PWD/kept"))" }; Expected = 'kept: True'; Before = 'What if: .*Remove File.*kept.*' }
            @{ Name = '$ErrorActionPreference'; Set = { $ErrorActionPreference = 'Stop' }
                Block = { try { Get-Item /no/such/file; 'not reached' } catch { 'stopped' } }; Expected = 'stopped' }
            @{ Name = 'strict mode'; Set = { Set-StrictMode -Version Latest }
                Block = { try { "not reached: $unset" } catch { $_.FullyQualifiedErrorId } }; Expected = 'VariableIsUndefined' }
            @{ Name = '$PSDefaultParameterValues'; Set = { $PSDefaultParameterValues['Join-Path:ChildPath'] = 'child' }
                Block = { (Join-Path /parent) -replace '\\', '/' }; Expected = '/parent/child' }
            @{ Name = 'an alias of a cmdlet, with its pipeline input'; Set = { Set-Alias first Select-Object }
                Block = { 'one', 'two' | first -First 1 }; Expected = 'one' }
        ) {
            $run = Start-Script {
                . $using:Set
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit $using:Block, { "rescue: $($_.IsRescue)"; $listener.Stop() } -StopTimeoutSeconds 1
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $before = $Before ? "\G$Before\n" : '\G'
            $run | Assert-Run -OutputMatch '\Aready\n', $before, "\G$([regex]::Escape($Expected))\n", '\Grescue: True\n', '\Gcaller goes on\n?\z'
        }

        It 'the language mode: what the session refuses is refused there too' -Tag C3 {
            Skip-Unless -Linux
            $run = Start-Script {
                $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
                Use-ExitHandler { Show-LineWhen Computing; ('a' * 40 + '!') -match '^(a+)+$' } -OnExit {
                    "exit: $($_.Signal), rescue: $($_.IsRescue), $($ExecutionContext.SessionState.LanguageMode)"
                    [System.IO.File]::WriteAllText('refused', 'x')
                } -StopTimeoutSeconds 1
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'exit: SIGTERM, rescue: True, ConstrainedLanguage' -ErrorMatch 'Cannot invoke method' -File @{ refused = @() } -Status 143
        }
    }

    Context 'nothing frees the body' {
        BeforeEach {
            Skip-Unless -Linux
        }

        It 'the exit block runs once, then the process exits with 128 + n: SIG<Signal>' -Tag C3 -ForEach @(
            @{ Signal = 'TERM'; Status = 143 }
            @{ Signal = 'INT'; Status = 130 }
            @{ Signal = 'HUP'; Status = 129 }
        ) {
            $run = Start-Script {
                try {
                    Use-ExitHandler {
                        Show-LineWhen Computing
                        [System.Threading.Thread]::SpinWait([int]::MaxValue)
                    } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
                    'not reached'
                }
                finally { Out-Line 'not reached either' }
            }
            $run | Wait-Line ready | Send-Signal $Signal
            $run | Assert-Run -Output ready, "exit: SIG$Signal, rescue: True" -Status $Status
        }

        It 'scopes within scopes: both exit blocks run, inner first, then the process exits' -Tag C3 {
            $run = Start-Script {
                Use-ExitHandler {
                    Use-ExitHandler {
                        Show-LineWhen Computing
                        [System.Threading.Thread]::SpinWait([int]::MaxValue)
                    } -OnExit { "inner exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1 -Append
                    'not reached'
                } -OnExit { "outer exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
                'not reached either'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready, 'inner exit: SIGTERM, rescue: True', 'outer exit: SIGTERM, rescue: True' -Status 143
        }
    }

    It 'the process exits while an exit block has begun a scope: that ends, the exit block runs on to its end' -Tag C3, C4 {
        $run = Start-Script {
            Use-ExitHandler {
                Show-LineWhen Computing
                [System.Threading.Thread]::SpinWait([int]::MaxValue)
            } -OnExit {
                Use-ExitHandler -Append {
                    'inner body'
                    $exit = [powershell]::Create().AddScript('[System.Environment]::Exit(3)')
                    $null = $exit.BeginInvoke()
                    Start-Sleep -Seconds 1000
                } -OnExit { "inner exit block: $($_.Reason)" }
                'rest of the exit block'
            } -StopTimeoutSeconds 1
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner body', 'inner exit block: ProcessExit', 'rest of the exit block' -Status 3
    }

    It 'the inner of two scopes is rescued and freed: the outer exit block runs on its own thread, then the caller goes on' -Tag C3 {
        $run = Start-Script {
            Use-ExitHandler {
                $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                $listener.Start()
                Use-ExitHandler {
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    "inner exit, rescue: $($_.IsRescue)"
                    $listener.Stop()
                } -StopTimeoutSeconds 1 -Append
                'not reached'
            } -OnExit { "outer exit, rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner exit, rescue: True', 'outer exit, rescue: False', 'caller goes on'
    }

    It 'in a background runspace: with that runspace''s variables and functions' -Tag C3 {
        $run = Start-Script {
            $where = 'main runspace'
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $shell.AddScript({
                . $using:prelude
                . $using:process
                $where = 'background runspace'
                function Get-Where { $where }
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                    $listener.Start()
                    Show-LineWhen Blocked
                    $null = $listener.AcceptTcpClient()
                } -OnExit {
                    Out-Line "exit: $(Get-Where), rescue: $($_.IsRescue)"
                    $listener.Stop()
                } -StopTimeoutSeconds 1
                'background goes on'
            })

            $shell.EndInvoke($shell.BeginInvoke())
            "caller goes on: $where"
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit: background runspace, rescue: True', 'background goes on', 'caller goes on: main runspace'
    }
}
