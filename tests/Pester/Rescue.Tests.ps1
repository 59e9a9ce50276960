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
        It 'it sees variables as they are at that moment: the body''s own, the function''s, its parameters, the script''s, global ones; the same objects' -Tag C3 {
            $run = Start-Script {
                $script:ofScript = 'script'
                $global:ofGlobal = 'global'
                $changed = 'before'
                $state = [pscustomobject]@{ Text = 'as the caller made it' }
                $list = [System.Collections.Generic.List[string]]::new()
                $table = @{ key = 1 }
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
                        $state.Text = 'changed by the rescue'
                        $list.Add('added by the rescue')
                        $table['key']++
                        $listener.Stop()
                    } -StopTimeoutSeconds 1 -ExitVariable context
                    "function goes on: $local, rescue: $($context.IsRescue), $($context.Reason) $($context.Signal)"
                }

                Start-Server 'parameter'
                "caller goes on: $($state.Text), $list, $($table['key'])"
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                'exit: Signal SIGTERM 143, rescue: True'
                'body, function, parameter, script, script, global, global'
                'changed by the body, in a nested block: body, in a string: FUNCTION'
                'as the argument too: True'
                'function goes on: function, rescue: True, Signal SIGTERM'
                'caller goes on: changed by the rescue, added by the rescue, 2'
            )
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

    It 'modules: it has the private functions and variables of the module of a function that it names, or that it is in, or else the script''s' -Tag C3 {
        # Its functions need what only the module has: a private function, a variable of its own.
        $server = {
            $closing = 'closed by the module'
            function Start-Server {
                $script:listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                $listener.Start()
                $listener
            }
            function Wait-Client($Listener) {
                Show-LineWhen Blocked
                $null = $Listener.AcceptTcpClient()
            }
            function Start-ServerWithCleanUp {
                Use-ExitHandler { Wait-Client (Start-Server) } -OnExit { "of the module: $(Get-Closing), rescue: $($_.IsRescue)"; $listener.Stop() } -StopTimeoutSeconds 1
                'function of the module goes on'
            }
            function Stop-Server($Listener) {
                $Listener.Stop()
                Get-Closing
            }
            function Get-Closing { $script:closing }
            Export-ModuleMember -Function *-Server*, Wait-Client
        }
        $run = Start-Script {
            [System.IO.File]::WriteAllText("$PWD/Server.psm1", $using:server)
            Import-Module "$PWD/Server.psm1"
            $text = "the script's variable"
            function Start-Listening {
                function Stop-Listening { $listener.Stop(); $text }
                $ofFunction = "the function's variable"
                Use-ExitHandler {
                    $listener = Start-Server
                    Wait-Client $listener # blocked within the module's function
                } -OnExit { "of the function: $(Stop-Listening), $ofFunction, rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
            }

            Use-ExitHandler {
                $listener = Start-Server
                Show-LineWhen Blocked
                $null = $listener.AcceptTcpClient()
            } -OnExit { "of the script: $(Stop-Server $listener), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 1
            Start-ServerWithCleanUp
            Start-Listening
            'caller goes on'
        }
        # Not SIGTERM: Windows ends a process soon after it.
        foreach ($scope in 1..3) { $null = $run | Wait-Line ready | Send-Signal INT }
        $run | Assert-Run -Output @(
            'ready', 'of the script: closed by the module, rescue: True'
            'ready', 'of the module: closed by the module, rescue: True', 'function of the module goes on'
            'ready', "of the function: the script's variable, the function's variable, rescue: True"
            'caller goes on'
        )
    }

    # GuardSession.Tests.ps1 has more of these, and the language mode.
    It 'the settings that make the session safe apply there too: constants, preferences, strict mode, aliases' -Tag C3 {
        $run = Start-Script {
            Set-Variable Folder '/a/folder' -Option Constant
            Set-Variable Name 'name' -Option ReadOnly
            [System.IO.File]::WriteAllText("$PWD/kept", 'x')
            Set-StrictMode -Version Latest
            $PSDefaultParameterValues['Join-Path:ChildPath'] = 'child'
            Set-Alias first Select-Object
            $WhatIfPreference = $true
            $ErrorActionPreference = 'Stop'
            Use-ExitHandler {
                $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                $listener.Start()
                Show-LineWhen Blocked
                $null = $listener.AcceptTcpClient()
            } -OnExit {
                "$Folder/$Name"
                Remove-Item kept
                "kept: $([System.IO.File]::Exists("$PWD/kept"))"
                try { Get-Item /no/such/file; 'not reached' } catch { 'stopped' }
                try { "not reached: $unset" } catch { $_.FullyQualifiedErrorId }
                (Join-Path /parent) -replace '\\', '/'
                'one', 'two' | first -First 1
                "rescue: $($args[0].IsRescue)"
                $listener.Stop()
            } -StopTimeoutSeconds 1
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -OutputMatch @(
            '\Aready\n/a/folder/name\n'
            '\GWhat if: .*Remove File.*kept.*\nkept: True\n'
            '\Gstopped\nVariableIsUndefined\n/parent/child\none\nrescue: True\ncaller goes on\n?\z'
        )
    }

    Context 'nothing frees the body' {
        BeforeEach {
            Skip-Unless -Linux
        }

        It 'the exit block runs once, then the process exits with 128 + n: SIG<Signal>' -Tag C3 -ForEach @(
            @{ Signal = 'TERM'; Status = 143 }
            @{ Signal = 'INT'; Status = 130 }
        ) {
            $run = Start-Script {
                try {
                    Use-ExitHandler {
                        Show-LineWhen Computing
                        [System.Threading.Thread]::SpinWait([int]::MaxValue)
                    } -OnExit { "exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
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
                    } -OnExit { "inner exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5 -Append
                    'not reached'
                } -OnExit { "outer exit: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
                'not reached either'
            }
            $run | Wait-Line ready | Send-Signal HUP
            $run | Assert-Run -Output ready, 'inner exit: SIGHUP, rescue: True', 'outer exit: SIGHUP, rescue: True' -Status 129
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
            } -StopTimeoutSeconds 0.5
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
