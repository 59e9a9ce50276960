Describe 'Nobody takes the output of the exit block' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'a command further down the pipeline' {
        It 'Select-Object -First has enough: the exit blocks run to their end, their output is dropped, the caller goes on' -Tag B5 {
            $run = Start-Script {
                Use-ExitHandler {
                    'one'
                    Out-Line 'not reached'
                } -OnExit {
                    Out-Line "exit block begins: $($_.Reason)"
                    'dropped'
                    Write-Output 'dropped too' | ForEach-Object { $_ }
                    Out-Line 'exit block ends'
                }, {
                    Out-Line 'second exit block begins'
                    'dropped'
                    Out-Line 'second exit block ends'
                } | Select-Object -First 1
                'caller goes on'
                # It has enough in the middle of the exit block.
                Use-ExitHandler { 'body' } -OnExit {
                    Out-Line 'exit block begins'
                    'exit output'
                    'dropped'
                    Out-Line 'exit block ends'
                }, { 'dropped'; Out-Line 'second exit block' } | Select-Object -First 2
                'caller goes on'
            }
            $run | Assert-Run -Output @(
                'one'
                'exit block begins: Stopped', 'exit block ends'
                'second exit block begins', 'second exit block ends'
                'caller goes on'
                'body', 'exit block begins', 'exit output', 'exit block ends', 'second exit block', 'caller goes on'
            )
        }

        It 'that throws, or breaks out of the caller''s loop: the exit block runs to its end, then the caller gets the error, or its loop ends' -Tag B5 {
            $run = Start-Script {
                foreach ($further in { throw "no more than $_" }, { break }) {
                    try {
                        foreach ($i in 1..3) {
                            Use-ExitHandler { 'one'; Out-Line 'not reached' } -OnExit {
                                Out-Line 'exit block begins'
                                'dropped'
                                Out-Line 'exit block ends'
                            } | ForEach-Object $further
                            'not reached either'
                        }
                    }
                    catch { "caught: $_" }
                    'caller goes on'
                }
            }
            $run | Assert-Run -Output @(
                'exit block begins', 'exit block ends', 'caught: no more than one', 'caller goes on'
                'exit block begins', 'exit block ends', 'caller goes on'
            )
        }
    }

    Context 'standard output' {
        It 'is a broken pipe: the exit block runs to its end, however it writes, far more than a pipe holds too, and so does the caller' -Tag B5 {
            $run = Start-Script {
                Use-ExitHandler { 'ready'; Wait-Forever } -OnExit {
                    Out-Line "exit block begins: $($_.Signal)" -To log
                    $line = 'into the broken pipe ' * 500
                    foreach ($number in 1..30) {
                        $line
                        Write-Host $line
                        [Console]::Out.WriteLine($line)
                    }
                    Write-Warning 'into the broken pipe'
                    /bin/echo 'into the broken pipe'
                    /bin/sh -c 'for line in $(seq 5000); do echo "into the broken pipe"; done' 2> /dev/null
                    Out-Line 'exit block ends' -To log
                }
                'into the broken pipe'
                Out-Line 'caller goes on' -To log
            }
            $run | Wait-Line ready | Close-Output | Send-Signal TERM
            $run | Assert-Run -Output ready -File @{ log = 'exit block begins: SIGTERM', 'exit block ends', 'caller goes on' }
        }

        It 'was closed when the shell began: the exit block runs to its end; then the script fails, as any script that writes does' -Tag B5 {
            $run = Start-Script -Shell sh, '-c', 'exec "$@" >&-', sh, (Get-ShellPath) {
                Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit {
                    Out-Line 'exit block begins' -To log
                    'nowhere'
                    Out-Line 'exit block ends' -To log
                }
            }
            $run | Assert-Run -Output @() -ErrorMatch 'denied' -File @{ log = 'exit block begins', 'exit block ends' } -Status 1
        }
    }
}
