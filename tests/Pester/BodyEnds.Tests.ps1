Describe 'The body ends by itself' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the exit block runs, the caller goes on, <_>' -Tag A1 -ForEach '-File', '-Command' {
        $run = Start-Script -AsCommand:($_ -eq '-Command') {
            Use-ExitHandler { 'body' } -OnExit { "exit: $($_.Reason) $($_.ExitCode)" }
            'caller goes on'
        }
        $run | Assert-Run -Output body, 'exit: Completed 0', 'caller goes on'
    }

    It 'after the end of a scope the next one can begin without -Append' -Tag A1 {
        $run = Start-Script {
            foreach ($number in 1..3) {
                Use-ExitHandler { "body $number" } -OnExit { "exit block $number" }
            }
            'caller goes on'
        }
        $run | Assert-Run -Output 'body 1', 'exit block 1', 'body 2', 'exit block 2', 'body 3', 'exit block 3', 'caller goes on'
    }

    It 'several exit blocks run in the order given, each once, each with the exit context' -Tag A1 {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit { "first: $_" }, { "second: $($args[0])" }, { param($Context) "third: $Context" }
            'caller goes on'
        }
        $run | Assert-Run -Output body, 'first: Completed', 'second: Completed', 'third: Completed', 'caller goes on'
    }

    It 'an empty body and empty exit blocks are allowed; parameters bind by name and by position' -Tag A1 {
        $run = Start-Script {
            Use-ExitHandler {} -OnExit {}
            Use-ExitHandler {} -OnExit { 'exit block of an empty body' }
            Use-ExitHandler { 'body with an empty exit block' } -OnExit {}
            Use-ExitHandler -OnExit { 'exit block by name' } -ScriptBlock { 'body by name' }
            Use-ExitHandler { 'body by position' } { 'exit block by position' }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'exit block of an empty body'
            'body with an empty exit block'
            'body by name', 'exit block by name'
            'body by position', 'exit block by position'
            'caller goes on'
        )
    }

    Context 'the exit context' {
        It 'is $_ and the first argument of the body and of the exit block; -ExitVariable leaves it with the caller' -Tag A1 {
            $run = Start-Script {
                Use-ExitHandler {
                    $seen = $_
                    "body: $($_.GetType().FullName), the first of $($args.Count) arguments: $([object]::ReferenceEquals($args[0], $_))"
                } -OnExit {
                    "exit block: the same $([object]::ReferenceEquals($_, $seen)), the first of $($args.Count) arguments: $([object]::ReferenceEquals($args[0], $_))"
                } -ExitVariable context
                "caller: the same $([object]::ReferenceEquals($context, $seen))"
            }
            $run | Assert-Run -Output @(
                'body: GracefulExit.ExitContext, the first of 1 arguments: True'
                'exit block: the same True, the first of 1 arguments: True'
                'caller: the same True'
            )
        }

        It 'has the expected values for a body that completed' -Tag A1 {
            $run = Start-Script {
                Use-ExitHandler {
                    "body: requested: $($_.IsExitRequested), cancelled: $($_.Token.IsCancellationRequested)"
                } -ExitVariable context
                foreach ($name in 'Reason', 'Signal', 'ExitCode', 'ErrorRecord', 'RequestedAt', 'IsRescue', 'IsExitRequested') {
                    "$name=$($context.$name)"
                }
                "began within the last minute: $(([datetime]::Now - $context.StartedAt).Duration().TotalMinutes -lt 1)"
            }
            $run | Assert-Run -Output @(
                'body: requested: False, cancelled: False'
                'Reason=Completed', 'Signal=', 'ExitCode=0', 'ErrorRecord=', 'RequestedAt=', 'IsRescue=False', 'IsExitRequested=False'
                'began within the last minute: True'
            )
        }

        # Each is told twice: by the exit block, and by the caller from -ExitVariable.
        It 'tells what ended the body: <Name>' -Tag A1 -ForEach @(
            @{ Name = 'its end'; Body = {}; Told = "Completed '' 0 '', requested: no False" }
            @{ Name = 'an error'; Body = { throw 'broken' }; Told = "Error '' 1 'broken', requested: no False" }
            @{ Name = 'a signal'; Body = { Send-Signal HUP; Wait-Forever }; Told = "Signal 'SIGHUP' 129 '', requested: True True" }
            @{ Name = 'a stop by the caller''s pipeline'; Body = { 1, 2 }; Told = "Stopped '' 0 '', requested: True True" }
            @{ Name = 'break'; Body = { break }; Told = "Completed '' 0 '', requested: no False" }
            @{ Name = 'exit'; Body = { exit 4 }; Told = "Exit '' 4 '', requested: no False"; Status = 4 }
        ) {
            $run = Start-Script {
                function Show-Context([GracefulExit.ExitContext] $Context) {
                    $requested = if ($Context.RequestedAt) { $Context.RequestedAt -ge $Context.StartedAt -and $Context.RequestedAt -le [datetime]::Now } else { 'no' }
                    Out-Line "$($Context.Reason) '$($Context.Signal)' $($Context.ExitCode) '$($Context.ErrorRecord)', requested: $requested $($Context.IsExitRequested)"
                }

                try {
                    foreach ($turn in 1..2) {
                        Use-ExitHandler $using:Body -OnExit { Show-Context $_ } -ExitVariable context | Select-Object -First 1 | Out-Null
                        break
                    }
                }
                catch { }
                finally { Show-Context $context }
            }
            $run | Assert-Run -Output $Told, $Told -Status ($Status ?? 0)
        }

        It 'leaves the caller''s own $_ and $args as they were' -Tag A1 {
            $run = Start-Script {
                function Start-Work {
                    'item' | ForEach-Object {
                        Use-ExitHandler { $null = $_ } -OnExit { $null = $_ } -ArgumentList 'other'
                        Out-Line "after a body: $_, $($args.Count)"
                    }
                    Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { $null = $_ } -ArgumentList 'other'
                    "after a signal: $args"
                }

                Start-Work mine
            }
            $run | Assert-Run -Output 'after a body: item, 0', 'after a signal: mine'
        }
    }

    Context 'without -OnExit' {
        It 'SIG<_> still ends the body quietly' -Tag A10 -ForEach TERM, INT, HUP {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -ExitVariable context
                "caller goes on: $($context.Reason) $($context.Signal)"
            }
            $run | Wait-Line ready | Send-Signal $_
            $run | Assert-Run -Output ready, "caller goes on: Signal SIG$_"
        }

        It 'output, errors and exit behave as with an exit block' -Tag A10 {
            $run = Start-Script {
                "output: $(Use-ExitHandler { 'one'; 'two' })"
                try { Use-ExitHandler { throw 'broken' } } catch { "caught: $_" }
                Use-ExitHandler { exit 4 }
            }
            $run | Assert-Run -Output 'output: one two', 'caught: broken' -Status 4
        }
    }
}
