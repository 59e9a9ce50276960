Describe 'Named functions as body and exit block: the recipe''s decorator' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'arguments through -ArgumentList, ended by SIG<_>' -Tag A9 -ForEach TERM, INT, HUP {
        $run = Start-Script {
            function main($Name, [int] $Count = 2) {
                "main: $Name, $($Count + 1)"
                'ready'
                Wait-Forever
            }

            function cleanup($Context) { "cleanup: $($Context.Signal)" }

            Use-ExitHandler $function:main -OnExit $function:cleanup -ArgumentList 'job', 41
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output 'main: job, 42', ready, "cleanup: SIG$_", 'caller goes on'
    }

    It '-ArgumentList passes the arguments to the body unchanged: <Name>' -Tag A9 -ForEach @(
        @{ Name = 'none, then the context is one'; With = {}; Told = '1: ExitContext/1' }
        @{ Name = 'an empty list'; With = { -ArgumentList @() }; Told = '0: ' }
        @{ Name = 'two'; With = { -ArgumentList 'one', 2 }; Told = '2: String/1 Int32/1' }
        @{ Name = 'an array within'; With = { -ArgumentList (, @(1, 2, 3)) }; Told = '1: Object[]/3' }
        @{ Name = '$null within'; With = { -ArgumentList 1, $null, @(1, 2) }; Told = '3: Int32/1 null Object[]/2' }
        @{ Name = 'a hashtable'; With = { -ArgumentList @{ key = 'value' } }; Told = '1: Hashtable/1' }
    ) {
        $run = Start-Script {
            function Show-Arguments { "$($args.Count): $(($args | ForEach-Object { $null -eq $_ ? 'null' : "$($_.GetType().Name)/$($_.Count)" }) -join ' ')" }

            Invoke-Expression ('Use-ExitHandler ${function:Show-Arguments} ' + $using:With)
        }
        $run | Assert-Run -Output $Told
    }

    It 'arguments are bound as in any call: mandatory parameters, types, switches' -Tag A9 {
        $run = Start-Script {
            Use-ExitHandler { param([Parameter(Mandatory)] [string] $Name, [switch] $Flag) "bound: $Name $Flag" } -ArgumentList 'x'
            Use-ExitHandler { param([GracefulExit.ExitContext] $Context) "context: $($Context -eq $_)" }
        }
        $run | Assert-Run -Output 'bound: x False', 'context: True'
    }

    It 'arguments that do not fit are an error of the body: the exit block runs, the caller catches it' -Tag A9 {
        $run = Start-Script {
            function main([int] $Count) { 'not reached' }

            try { Use-ExitHandler $function:main -OnExit { "exit: $($_.Reason)" } -ArgumentList 'many' }
            catch { $_.FullyQualifiedErrorId }
        }
        $run | Assert-Run -Output 'exit: Error', ParameterArgumentTransformationError
    }

    It 'begin, process and end blocks all run, without pipeline input, as in `. { }`' -Tag A9 {
        $run = Start-Script {
            function Get-Part($Number) { "part $Number" }

            function Get-Whole {
                param($Number)
                begin { Get-Part "$Number, begin" }
                process { Get-Part "$Number, process" }
                end { Get-Part "$Number, end" }
            }

            . ${function:Get-Whole} 5 | ForEach-Object { "got: $_" }
            'and:'
            Use-ExitHandler ${function:Get-Whole} -ArgumentList 5 -OnExit ${function:Get-Whole} | ForEach-Object { "got: $_" }
        }
        $run | Assert-Run -Output @(
            'got: part 5, begin', 'got: part 5, process', 'got: part 5, end'
            'and:'
            'got: part 5, begin', 'got: part 5, process', 'got: part 5, end'
            'got: part Completed, begin', 'got: part Completed, process', 'got: part Completed, end'
        )
    }

    It 'the example wrapped-function.ps1: SIG<_> ends the wrapped function, its clean-up runs, the script goes on' -Tag A9 -ForEach TERM, INT {
        $run = Start-Script -Path "$PSScriptRoot/../../examples/wrapped-function.ps1" -ArgumentList '-Name', 'Ada'
        $run | Wait-Line working | Send-Signal $_
        $run | Assert-Run -OutputMatch "\AHello Ada, this is process $($run.Id)\nworking\nexiting after SIG$_\ngoodbye\n\z"
    }
}
