Describe 'exit in the body' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    # Under -Command, shells make status 1 of any other that a script ends with.
    It 'exit <Code>: the exit block runs, then the script exits with it, 0 too; status <Status> under <How>' -Tag A4 -ForEach @(
        foreach ($code in 0, 1, 255) { @{ Code = $code; How = '-File'; Status = $code } }
        @{ Code = 7; How = '-Command'; Status = 1 }
    ) {
        $run = Start-Script -AsCommand:($How -eq '-Command') {
            Use-ExitHandler {
                'body'
                exit $using:Code
                'not reached'
            } -OnExit { "exit: $($_.Reason) $($_.ExitCode)" }
            'not reached either'
            exit 99
        }
        $run | Assert-Run -Output body, "exit: Exit $Code" -Status $Status
    }

    It 'exit <_> within the text of -Command is the shell''s status' -Tag A4 -ForEach 0, 7 {
        $run = Start-Program (Get-ShellPath) '-NoProfile', '-NonInteractive', '-Command', @"
            Import-Module '$(Get-ModulePath)'
            Use-ExitHandler { 'body'; exit $_ } -OnExit { "exit block: `$_" }
            'not reached'
"@
        $run | Assert-Run -Output body, 'exit block: Exit' -Status $_
    }

    It 'exit in a script that the body calls ends that script only; exit without a number: status 0, whatever a native command returned' -Tag A4 {
        $run = Start-Script {
            [System.IO.File]::WriteAllText('inner.ps1', 'exit 3')
            Use-ExitHandler {
                & ./inner.ps1
                "body goes on: $LASTEXITCODE"
            } -OnExit { "exit: $($_.Reason) $($_.ExitCode)" }
            "caller goes on: $LASTEXITCODE"

            Use-ExitHandler {
                /bin/sh -c 'exit 9'
                exit
            } -OnExit { "exit: $($_.Reason) $($_.ExitCode)" }
            'not reached'
        }
        $run | Assert-Run -Output 'body goes on: 3', 'exit: Completed 0', 'caller goes on: 3', 'exit: Exit 0' -Status 0
    }

    It 'exit in a function that the body calls: exit block, which can''t change the status, finally blocks of the callers, then the end' -Tag A4 {
        $run = Start-Script {
            function Stop-Everything { exit 7 }

            function Start-Work {
                try {
                    Use-ExitHandler { Stop-Everything } -OnExit {
                        /bin/sh -c 'exit 3'
                        $global:LASTEXITCODE = 5
                        Out-Line "exit: $($_.ExitCode)"
                    }
                    Out-Line 'not reached'
                }
                catch { Out-Line "caught: $_" }
                finally { Out-Line 'finally of the caller' }
            }

            Start-Work
            'not reached either'
        }
        $run | Assert-Run -Output 'exit: 7', 'finally of the caller' -Status 7
    }
}
