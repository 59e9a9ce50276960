Describe 'Switch-Process (exec), which replaces the process' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
    }

    It 'in a body and in an exit block, however it is called: an error before anything is lost; what follows still runs' -Tag C16 {
        Skip-Unless -Linux
        $run = Start-Script {
            $null = New-Module { function Invoke-Switch { Switch-Process echo lost } }
            $calls = @(
                { Switch-Process echo lost }
                { exec echo lost }
                { Switch-Process -WithCommand 'echo', 'lost' }
                { Microsoft.PowerShell.Core\Switch-Process echo lost }
                { Invoke-Switch }
                { Use-ExitHandler { exec echo lost } -OnExit { 'inner exit block' } -Append }
            )
            Use-ExitHandler {
                foreach ($call in $calls) {
                    try { . $call }
                    catch { "$($_.FullyQualifiedErrorId -replace ',.*'): $($_.Exception.Message)" }
                    'body goes on'
                }
            } -OnExit {
                "exit block: $($_.Reason)"
                try { Switch-Process echo lost } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            }, { 'second exit block' }
            'caller goes on'
        }
        $refused = 'ExitHandlerActive: Switch-Process \(exec\) would replace this process.*\nbody goes on\n'
        $run | Assert-Run -OutputMatch "\A($refused){5}inner exit block\n${refused}exit block: Completed\nExitHandlerActive\nsecond exit block\ncaller goes on\n\z"
    }

    It 'in a body, the error not caught: it is the script''s, and the exit block runs' -Tag C16 {
        Skip-Unless -Linux
        $run = Start-Script {
            $ErrorActionPreference = 'Stop'
            Use-ExitHandler { Switch-Process echo lost; 'not reached' } -OnExit { "exit block: $($_.Reason)" }
            'not reached'
        }
        $run | Assert-Run -Output 'exit block: Error' -ErrorMatch 'would replace this process' -Status 1
    }

    It 'not refused, by a command found before the scope: the guard runs the exit block when the program has ended' -Tag C16, E1 {
        Skip-Unless -Linux
        $run = Start-Script {
            $found = Get-Command Switch-Process
            Use-ExitHandler { 'ready'; & $found sh '-c' 'sleep 1; echo replaced' } -OnExit { "exit block: $($_.Reason)" } -Guard
        }
        $run | Assert-Run -Output ready, replaced, 'exit block: Killed'
    }

    # The process keeps its number and gets the status of the program.
    It 'after the scope it works as usual: <Name>' -Tag C16 -ForEach @(
        @{ Name = 'Switch-Process'; Switch = { Switch-Process sh '-c' 'echo replaced; exit 7' }; Options = @{} }
        @{ Name = 'exec, and the scope had a guard, which has ended'; Switch = { exec sh '-c' 'echo replaced; exit 7' }; Options = @{ Guard = $true } }
    ) {
        Skip-Unless -Linux
        $run = Start-Script {
            $options = $using:Options
            Use-ExitHandler { 'body' } -OnExit { 'exit block' } @options
            . $using:Switch
            'not reached'
        }
        $run | Assert-Run -Output 'body', 'exit block', 'replaced' -Status 7
    }

    It 'after a scope that a signal has ended it works too' -Tag C16 {
        Skip-Unless -Linux
        $run = Start-Script {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { 'exit block' }
            exec echo replaced
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block', 'replaced'
    }
}
