Describe 'The body ends by itself' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the exit block runs, the caller goes on, -Command' -Tag A1 {
        $run = Start-Script -AsCommand {
            Use-ExitHandler { 'body' } -OnExit { "exit: $($_.Reason) $($_.ExitCode)" }
            'caller goes on'
        }
        $run | Assert-Run -Output body, 'exit: Completed 0', 'caller goes on'
    }

    It 'one scope after another, -File: exit blocks in the order given, empty ones, parameters by name and by position' -Tag A1 {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit { "first: $_ $($_.ExitCode)" }, { "second: $($args[0])" }, { param($Context) "third: $Context" }
            Use-ExitHandler {} -OnExit {}
            Use-ExitHandler {} -OnExit { 'exit block of an empty body' }
            Use-ExitHandler { 'body with an empty exit block' } -OnExit {}
            Use-ExitHandler -OnExit { 'exit block by name' } -ScriptBlock { 'body by name' }
            Use-ExitHandler { 'body by position' } { 'exit block by position' }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'body', 'first: Completed 0', 'second: Completed', 'third: Completed'
            'exit block of an empty body'
            'body with an empty exit block'
            'body by name', 'exit block by name'
            'body by position', 'exit block by position'
            'caller goes on'
        )
    }

    Context 'the exit context' {
        It 'is $_ and the first argument of the body and of the exit block; -ExitVariable leaves it with the caller, whose own $_ and $args stay' -Tag A1 {
            $run = Start-Script {
                Use-ExitHandler {
                    $seen = $_
                    "body: requested: $($_.IsExitRequested), cancelled: $($_.Token.IsCancellationRequested)"
                    "body: $($_.GetType().FullName), the first of $($args.Count) arguments: $([object]::ReferenceEquals($args[0], $_))"
                } -OnExit {
                    "exit block: the same $([object]::ReferenceEquals($_, $seen)), the first of $($args.Count) arguments: $([object]::ReferenceEquals($args[0], $_))"
                } -ExitVariable context
                "caller: the same $([object]::ReferenceEquals($context, $seen))"
                foreach ($name in 'Reason', 'Signal', 'ExitCode', 'ErrorRecord', 'RequestedAt', 'IsRescue', 'IsExitRequested') {
                    "$name=$($context.$name)"
                }
                "began within the last minute: $(([datetime]::Now - $context.StartedAt).Duration().TotalMinutes -lt 1)"

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
            $run | Assert-Run -Output @(
                'body: requested: False, cancelled: False'
                'body: GracefulExit.ExitContext, the first of 1 arguments: True'
                'exit block: the same True, the first of 1 arguments: True'
                'caller: the same True'
                'Reason=Completed', 'Signal=', 'ExitCode=0', 'ErrorRecord=', 'RequestedAt=', 'IsRescue=False', 'IsExitRequested=False'
                'began within the last minute: True'
                'after a body: item, 0', 'after a signal: mine'
            )
        }

        # Each is told twice: by the exit block, and by the caller from -ExitVariable.
        It 'tells what ended the body' -Tag A1 {
            $cases = @(
                @{ Name = 'its end'; Body = {}; Told = "Completed '' 0 '', requested: no False" }
                @{ Name = 'an error'; Body = { throw 'broken' }; Told = "Error '' 1 'broken', requested: no False" }
                @{ Name = 'a stop by the caller''s pipeline'; Body = { 1, 2 }; Told = "Stopped '' 0 '', requested: True True" }
                @{ Name = 'break'; Body = { break }; Told = "Completed '' 0 '', requested: no False" }
                @{ Name = 'a signal'; Body = { Send-Signal HUP; Wait-Forever }; Told = "Signal 'SIGHUP' 129 '', requested: True True" }
                @{ Name = 'exit'; Body = { exit 4 }; Told = "Exit '' 4 '', requested: no False" }
            )
            $run = Start-Script {
                function Show-Context([GracefulExit.ExitContext] $Context) {
                    $requested = if ($Context.RequestedAt) { $Context.RequestedAt -ge $Context.StartedAt -and $Context.RequestedAt -le [datetime]::Now } else { 'no' }
                    Out-Line "$($case.Name): $($Context.Reason) '$($Context.Signal)' $($Context.ExitCode) '$($Context.ErrorRecord)', requested: $requested $($Context.IsExitRequested)"
                }

                foreach ($case in $using:cases) {
                    $body = $case.Body
                    try {
                        foreach ($turn in 1..2) {
                            Use-ExitHandler $body -OnExit { Show-Context $_ } -ExitVariable context | Select-Object -First 1 | Out-Null
                            break
                        }
                    }
                    catch { }
                    finally { Show-Context $context }
                }
            }
            $run | Assert-Run -Output ($cases | ForEach-Object { "$($_.Name): $($_.Told)" } | ForEach-Object { $_, $_ }) -Status 4
        }
    }

    It 'without -OnExit a signal still ends the body quietly; output, errors and exit behave as with an exit block' -Tag A10 {
        $run = Start-Script {
            "output: $(Use-ExitHandler { 'one'; 'two' })"
            try { Use-ExitHandler { throw 'broken' } } catch { "caught: $_" }
            Use-ExitHandler { 'ready'; Wait-Forever } -ExitVariable context
            "caller goes on: $($context.Reason) $($context.Signal)"
            Use-ExitHandler { exit 4 }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'output: one two', 'caught: broken', 'ready', 'caller goes on: Signal SIGTERM' -Status 4
    }
}
