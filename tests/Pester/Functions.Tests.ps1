Describe 'Named functions as body and exit block: the recipe''s decorator' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'arguments through -ArgumentList, ended by each signal' -Tag A9 {
        $run = Start-Script {
            function main($Name, [int] $Count = 2) {
                "main: $Name, $($Count + 1)"
                "ready $Count"
                Wait-Forever
            }

            function cleanup($Context) { "cleanup: $($Context.Signal)" }

            foreach ($count in 41, 42, 43) { Use-ExitHandler $function:main -OnExit $function:cleanup -ArgumentList 'job', $count }
            'caller goes on'
        }
        $run | Wait-Line 'ready 41' | Send-Signal TERM | Wait-Line 'ready 42' | Send-Signal INT | Wait-Line 'ready 43' | Send-Signal HUP
        $run | Assert-Run -Output @(
            'main: job, 42', 'ready 41', 'cleanup: SIGTERM'
            'main: job, 43', 'ready 42', 'cleanup: SIGINT'
            'main: job, 44', 'ready 43', 'cleanup: SIGHUP'
            'caller goes on'
        )
    }

    It '-ArgumentList passes the arguments to the body unchanged' -Tag A9 {
        $run = Start-Script {
            function Show-Arguments { "$($args.Count): $(($args | ForEach-Object { $null -eq $_ ? 'null' : "$($_.GetType().Name)/$($_.Count)" }) -join ' ')" }

            $body = ${function:Show-Arguments}
            Use-ExitHandler $body
            Use-ExitHandler $body -ArgumentList @()
            Use-ExitHandler $body -ArgumentList 'one', 2
            Use-ExitHandler $body -ArgumentList (, @(1, 2, 3))
            Use-ExitHandler $body -ArgumentList 1, $null, @(1, 2)
            Use-ExitHandler $body -ArgumentList @{ key = 'value' }
        }
        $run | Assert-Run -Output @(
            '1: ExitContext/1' # without any, the context is one
            '0: '
            '2: String/1 Int32/1'
            '1: Object[]/3'
            '3: Int32/1 null Object[]/2'
            '1: Hashtable/1'
        )
    }

    It 'arguments are bound as in any call: mandatory parameters, types, switches; those that do not fit are an error of the body' -Tag A9 {
        $run = Start-Script {
            function main([int] $Count) { 'not reached' }

            Use-ExitHandler { param([Parameter(Mandatory)] [string] $Name, [switch] $Flag) "bound: $Name $Flag" } -ArgumentList 'x'
            Use-ExitHandler { param([GracefulExit.ExitContext] $Context) "context: $($Context -eq $_)" }
            try { Use-ExitHandler $function:main -OnExit { "exit: $($_.Reason)" } -ArgumentList 'many' }
            catch { $_.FullyQualifiedErrorId }
        }
        $run | Assert-Run -Output 'bound: x False', 'context: True', 'exit: Error', ParameterArgumentTransformationError
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

    It 'the example wrapped-function.ps1: SIGINT ends the wrapped function, its clean-up runs, the script goes on' -Tag A9 {
        $run = Start-Script -Path "$PSScriptRoot/../../examples/wrapped-function.ps1" -ArgumentList '-Name', 'Ada'
        $run | Wait-Line working | Send-Signal INT
        $run | Assert-Run -OutputMatch "\AHello Ada, this is process $($run.Id)\nworking\nexiting after SIGINT\ngoodbye\n\z"
    }
}
