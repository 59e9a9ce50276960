Describe 'Body and exit block run in the caller''s scope' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'what they define' {
        It 'variables that the body assigns are seen by the exit block, after a signal too, and by the caller; functions and aliases too' -Tag B6 {
            $run = Start-Script {
                $before = 'old'
                function Get-Name { 'old' }
                Use-ExitHandler {
                    $before = 'new'
                    $listener = 'listening'
                    $list = [System.Collections.ArrayList]::new()
                    $null = $list.Add('body')
                    function Get-Name { 'new' }
                    function Stop-Work { "stopped $(Get-Name)" }
                    Set-Alias -Name halt -Value Stop-Work
                    'ready'
                    Wait-Forever
                } -OnExit {
                    "exit: $before, $listener, $list, $(Stop-Work), $(halt)"
                    $listener = 'closed'
                    $null = $list.Add('exit block')
                    $cleaned = $true
                }
                "caller: $before, $listener, $list, $cleaned, $(Stop-Work), $(halt)"
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output @(
                'ready'
                'exit: new, listening, body, stopped new, stopped new'
                'caller: new, closed, body exit block, True, stopped new, stopped new'
            )
        }

        It 'in a function, variables and preferences are that function''s: its caller does not see them' -Tag B6 {
            $run = Start-Script {
                $value = 'script'
                function Start-Work($Parameter) {
                    Use-ExitHandler {
                        $value = 'function'
                        $Parameter = "changed $Parameter"
                        $own = 'own'
                        $ErrorActionPreference = 'Stop'
                    } -OnExit { "exit: $value, $Parameter, $own, $ErrorActionPreference" }
                    "function: $value, $Parameter, $own, $ErrorActionPreference"
                }

                Start-Work 'parameter'
                "script: $value, own: '$own', parameter: '$Parameter', $ErrorActionPreference"
            }
            $run | Assert-Run -Output @(
                'exit: function, changed parameter, own, Stop'
                'function: function, changed parameter, own, Stop'
                "script: script, own: '', parameter: '', Continue"
            )
        }

        It '$script:, $global:, $local: and -Scope 1 mean the same as in the statement before' -Tag B6 {
            $run = Start-Script {
                $script:value = 'script'
                $global:value2 = 'global'
                function Start-Outer {
                    $here = 'outer'
                    Start-Inner
                    "outer: $here, $late"
                }
                function Start-Inner {
                    $here = 'inner'
                    $value = 'inner'
                    Use-ExitHandler {
                        "body: $local:here, $script:value, $global:value2"
                        $local:here = 'changed by the body'
                        $script:value = 'script, by the body'
                        $global:value2 = 'global, by the body'
                        Set-Variable -Name here -Value 'outer, changed by the body' -Scope 1
                    } -OnExit {
                        "exit: $local:here, $script:value, $global:value2"
                        $local:here = 'changed by the exit block'
                        Set-Variable -Name late -Value 'set by the exit block' -Scope 1
                    }
                    "inner: $here, $value"
                }

                Start-Outer
                "script: $script:value, $global:value2"
            }
            $run | Assert-Run -Output @(
                'body: inner, script, global'
                'exit: changed by the body, script, by the body, global, by the body'
                'inner: changed by the exit block, inner'
                'outer: outer, changed by the body, set by the exit block'
                'script: script, by the body, global, by the body'
            )
        }

        It 'nothing else is left behind in the scope, and variables with short names there are untouched' -Tag B6 {
            $run = Start-Script {
                function Get-LocalName { (Get-Variable -Scope 1).Name }
                function Start-Work {
                    $a, $b, $c, $g, $s, $w = 'a', 'b', 'c', 'g', 's', 'w'
                    $added = $before = $null
                    $before = Get-LocalName
                    Use-ExitHandler {
                        "body: $a$b$c$g$s$w"
                        $a = 'A'
                    } -OnExit {
                        "exit: $a$b$c$g$s$w"
                        $s = 'S'
                    } -ArgumentList 'argument'
                    # Once it has had a value, $_ stays in the list. It is empty again.
                    $added = Get-LocalName | Where-Object { $_ -notin $before -and $_ -ne '_' }
                    if ($null -ne $_) { $added += '_' }
                    "caller: $a$b$c$g$s$w, added: '$added'"
                }

                Start-Work
            }
            $run | Assert-Run -Output 'body: abcgsw', 'exit: Abcgsw', "caller: AbcgSw, added: ''"
        }
    }

    Context 'the caller''s own' {
        It '$_ is as before, wherever it comes from' -Tag B6 {
            $run = Start-Script {
                'one', 'two' | ForEach-Object {
                    Use-ExitHandler { $null = $_.Token } -OnExit { $null = $_.Reason }
                    "pipeline: $_"
                }
                'three' | Where-Object { Use-ExitHandler {} -OnExit {}; $_ -eq 'three' } | ForEach-Object { "filter: $_" }
                try { throw 'error' }
                catch {
                    Use-ExitHandler {} -OnExit {}
                    "catch: $_"
                }
                switch ('four') { default { Use-ExitHandler {} -OnExit {}; "switch: $_" } }
                function Show-Input { process { try { Use-ExitHandler { throw 'x' } -OnExit {} } catch {}; "function: $_" } }
                'five', 'six' | Show-Input
                & { Use-ExitHandler {} -OnExit {}; "none: '$_'" }
                $_ = 'own'
                Use-ExitHandler { $_ = 'body' } -OnExit { "exit: $_"; $_ = 'exit block' }
                "caller: $_"
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit {}
                "after a signal: $_"
            }
            $run | Assert-Run -Output @(
                'pipeline: one', 'pipeline: two', 'filter: three', 'catch: error', 'switch: four'
                'function: five', 'function: six'
                "none: ''"
                'exit: Completed', 'caller: own', 'after a signal: own'
            )
        }

        It '$args, parameters and $PSBoundParameters are as before; the body has $args of its own' -Tag B6 {
            $run = Start-Script {
                function Start-Loose {
                    Use-ExitHandler { "body: $args" } -OnExit { "exit: $args" } -ArgumentList 1, 2
                    "function: $args"
                }
                function Start-Bound([string] $Name) {
                    Use-ExitHandler { param($Given) "body: $Given, bound: $($PSBoundParameters.Keys)" } -ArgumentList 'x' -OnExit {}
                    "function: $Name, bound: $($PSBoundParameters.Keys) $($PSBoundParameters.Name)"
                }

                Start-Loose a b c
                Start-Bound -Name 'n'
            }
            $run | Assert-Run -Output 'body: 1 2', 'exit: Completed', 'function: a b c', 'body: x, bound: Given', 'function: n, bound: Name n'
        }

        It '$PSScriptRoot and $PSCmdlet are the caller''s in body and exit block; $MyInvocation is the caller''s afterwards' -Tag B6 {
            $run = Start-Script {
                function Start-Work {
                    [CmdletBinding()]
                    param([Parameter(ValueFromPipeline)] $Item)
                    process {
                        Use-ExitHandler {
                            "body: $($PSCmdlet.MyInvocation.MyCommand.Name) $Item, $($PSScriptRoot -eq $script:root)"
                        } -OnExit {
                            "exit: $($PSCmdlet.MyInvocation.MyCommand.Name) $Item, $($PSScriptRoot -eq $script:root)"
                        }
                        "function: $($PSCmdlet.MyInvocation.MyCommand.Name) $($MyInvocation.MyCommand.Name) $Item"
                    }
                }

                $script:root = $PSScriptRoot
                1, 2 | Start-Work
            }
            $run | Assert-Run -Output @(
                'body: Start-Work 1, True', 'exit: Start-Work 1, True', 'function: Start-Work Start-Work 1'
                'body: Start-Work 2, True', 'exit: Start-Work 2, True', 'function: Start-Work Start-Work 2'
            )
        }
    }

    It 'a closure keeps its own variables, as the body and as an exit block' -Tag B6 {
        $run = Start-Script {
            function New-Body($Name) { { "body of $Name" }.GetNewClosure() }
            function New-ExitBlock($Name) { { param($context) "exit block of ${Name}: $($context.Reason)" }.GetNewClosure() }

            $Name = 'caller'
            Use-ExitHandler (New-Body 'one') -OnExit (New-ExitBlock 'two')
            $Name
        }
        $run | Assert-Run -Output 'body of one', 'exit block of two: Completed', 'caller'
    }

    It 'objects that are piped in are the body''s $input, as in . { }: all of them, and the scope begins once' -Tag B6 {
        $run = Start-Script {
            1, 2 | . { "dot-sourced: $input" }
            @() | . { "dot-sourced, nothing piped in: '$input'" }
            1, 2 | Use-ExitHandler { "body: $input" } -OnExit { "exit: $($_.Reason)" }
            @() | Use-ExitHandler { "body, nothing piped in: '$input'" } -OnExit { "exit: $($_.Reason)" }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'dot-sourced: 1 2', "dot-sourced, nothing piped in: ''"
            'body: 1 2', 'exit: Completed'
            "body, nothing piped in: ''", 'exit: Completed'
            'caller goes on'
        )
    }

    It 'what follows the call finds a session''s private commands no more than what follows . { }: after <call>' -Tag B6 -ForEach @(
        @{ Call = '. { }' }
        @{ Call = 'Use-ExitHandler { } -OnExit { }' }
        @{ Call = 'Use-ExitHandler { Add-ExitBlock { } } -OnExit { } -WarningVariable w' }
        @{ Call = 'Use-ExitShield { }' }
    ) {
        $module = Get-ModulePath
        $run = Start-Script {
            $session = [initialsessionstate]::CreateDefault2()
            $session.ImportPSModule($using:module)
            ($session.Commands | Where-Object Name -EQ Get-History).Visibility = 'Private'
            $shell = [powershell]::Create($session)
            $shell.AddScript("$using:Call; 'goes on'; Get-History").Invoke()
            $shell.Streams.Error.FullyQualifiedErrorId
        }
        $run | Assert-Run -Output 'goes on', CommandNotFoundException
    }
}
