Describe 'The body throws' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the exit block runs, then the caller catches the same error by its type: same exception, message and position' -Tag A3 {
        $run = Start-Script {
            $thrown = [System.IO.FileNotFoundException]::new('no such thing')
            try {
                Use-ExitHandler {
                    'body'
                    throw $thrown # line 6 of the script, which begins with the prelude's line
                } -OnExit { "exit: $($_.Reason) $($_.ExitCode) $($_.ErrorRecord)" }
                'not reached'
            }
            catch [System.IO.FileNotFoundException] {
                "caught: $_"
                "same exception: $([object]::ReferenceEquals($_.Exception, $thrown))"
                "line $($_.InvocationInfo.ScriptLineNumber): $($_.InvocationInfo.Line.Trim())"
                "error id: $($_.FullyQualifiedErrorId), `$Error: $($Error.Count)"
            }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'body'
            'exit: Error 1 no such thing'
            'caught: no such thing'
            'same exception: True'
            'line 6: throw $thrown # line 6 of the script, which begins with the prelude''s line'
            'error id: no such thing, $Error: 1'
            'caller goes on'
        )
    }

    It 'an error that nobody catches: the exit block runs, the error is reported as the body''s, the status is 1, <_>' -Tag A3 -ForEach '-File', '-Command' {
        $run = Start-Script -AsCommand:($_ -eq '-Command') {
            Use-ExitHandler {
                throw 'broken in the body'
            } -OnExit { 'exit block' }
            'not reached'
        }
        $run | Assert-Run -Output 'exit block' -ErrorMatch 'script\.ps1:3', 'throw .broken in the body', 'broken in the body' -Status 1
    }

    It 'the caller catches the same error as without Use-ExitHandler' -Tag A3 {
        $cases = @(
            @{ Name = 'a text'; Body = { throw 'text' }; Id = 'text' }
            @{ Name = 'an error record'; Body = { throw [System.Management.Automation.ErrorRecord]::new([System.TimeoutException]::new('late'), 'MyId', 'OperationTimeout', 'target') }; Id = 'MyId' }
            @{ Name = 'a cmdlet'; Body = { Get-Item /no/such/file -ErrorAction Stop }; Id = 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand' }
            # Not of two constants: the engine divides these while it compiles the block, and an error there, in a nested or a steppable
            # pipeline, hangs it under Wine, without the module too.
            @{ Name = 'a division by zero'; Body = { $zero = 0; 1 / $zero }; Id = 'RuntimeException' }
            @{ Name = 'a method'; Body = { [int]::Parse('x') }; Id = 'FormatException' }
            @{ Name = 'an unknown command'; Body = { No-SuchCommand }; Id = 'CommandNotFoundException' }
            @{ Name = 'an unknown parameter'; Body = { Get-Item -NoSuchParameter }; Id = 'NamedParameterNotFound,Microsoft.PowerShell.Commands.GetItemCommand' }
        )
        $run = Start-Script {
            function Get-Caught($Run, $Body) {
                try {
                    & $Run $Body
                    Out-Line 'not reached'
                }
                catch { $_.Exception.GetType().FullName, $_.Exception.Message, $_.FullyQualifiedErrorId, $_.CategoryInfo, $_.TargetObject, $_.InvocationInfo.PositionMessage -join '|' }
            }

            foreach ($case in $using:cases) {
                $without = Get-Caught { param($body) . $body } $case.Body
                $with = Get-Caught { param($body) Use-ExitHandler $body -OnExit { Out-Line "$($case.Name), exit: $($_.ErrorRecord.FullyQualifiedErrorId)" } } $case.Body
                if ($with -eq $without) { 'the same' } else { "without: $without`nwith: $with" }
            }
        }
        $run | Assert-Run -Output ($cases | ForEach-Object { "$($_.Name), exit: $($_.Id)"; 'the same' })
    }

    It 'an error that the body writes has the position of the call that runs the body, as in `. { }`; each error is in $Error once' -Tag A3 {
        $run = Start-Script {
            try {
                Use-ExitHandler { # line 3
                    Write-Error 'written' -ErrorAction Stop
                } -OnExit { "exit: $($_.ErrorRecord)" }
            }
            catch { "caught: $_, at $([System.IO.Path]::GetFileName($_.InvocationInfo.ScriptName)) line $($_.InvocationInfo.ScriptLineNumber)" }
            Use-ExitHandler { Write-Error 'shown' } # line 8

            $Error.Clear()
            try {
                Use-ExitHandler {
                    Write-Error 'redirected' 2>$null
                    throw 'thrown'
                } -OnExit { "exit: $($Error -join ', ')" }
            }
            catch { "caught: $_" }
            "`$Error: $($Error -join ', ')"
        }
        $run | Assert-Run -ErrorMatch 'script\.ps1:8', shown -Output @(
            'exit: written', 'caught: written, at script.ps1 line 3'
            'exit: thrown, redirected', 'caught: thrown', '$Error: thrown, redirected'
        )
    }
}
