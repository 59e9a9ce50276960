# The guard is a shell that has to start. On a busy machine it may outlive its owner by more than the usual limit.
Describe '-Guard: the process dies without having run its exit blocks' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'SIGKILL: the guard runs the exit block, with the variables, functions, place and environment of the scope''s begin' -Tag E1, H3, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            function Format-Name($Name) { "<$Name>" }
            function Show-State($Context) { Out-Line "$(Format-Name $name) $($list -join '+') $env:GREETING, $(Split-Path -Leaf (Get-Location).Path), $($Context.Reason)" }

            $name = 'begin'
            $list = 1, 2, 3
            $env:GREETING = 'hello'
            $null = [System.IO.Directory]::CreateDirectory("$env:TEST_TEMP/here")
            Set-Location -LiteralPath "$env:TEST_TEMP/here"
            Use-ExitHandler -Guard {
                $name = 'changed by the body'
                $env:GREETING = 'changed by the body'
                Out-Line 'ready'
                Wait-Forever
            } -OnExit {
                Show-State $_
                Out-Line "$($args.Count) $($args[0].ExitCode) [$($_.Signal)] $($_.IsExitRequested) $($_.IsRescue) $($_.StartedAt.Date -eq $_.RequestedAt.Date)"
                'as output'
                Write-Host 'by the host'
            }
            Out-Line 'not reached'
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Status SIGKILL -Output @(
            'ready'
            '<begin> 1+2+3 hello, here, Killed'
            '1 137 [] True False True'
            'as output'
            'by the host'
        )
    }

    It 'at the body''s first statement, when the guard is still starting, -Command' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 -AsCommand {
            Use-ExitHandler -Guard { Send-Signal KILL; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Assert-Run -Output 'exit block: Killed' -Status SIGKILL
    }

    It '<What>' -Tag E1 -ForEach @(
        @{ What = 'Environment.FailFast'; Status = 'SIGABRT'; Message = 'on purpose'; Body = { [System.Environment]::FailFast('on purpose') } }
        @{ What = 'an access violation'; Status = 'SIGABRT'; Message = 'AccessViolation'; Body = { [System.Runtime.InteropServices.Marshal]::ReadInt32([System.IntPtr] 0x123456780) } }
        @{ What = 'a stack overflow'; Status = 'SIGABRT'; Message = '[Ss]tack overflow'; Body = {
                # Recursion in .NET: PowerShell counts its own calls and throws in time.
                $array = [object[]]::new(1)
                $array[0] = $array
                $null = [System.Collections.StructuralComparisons]::StructuralEqualityComparer.GetHashCode($array)
            }
        }
        @{ What = 'SIGSEGV'; Status = 'SIGSEGV'; Message = @(); Body = {
                # .NET takes the first one that somebody sends for a fault that will come again, and dies of the second.
                while ($true) { Send-Signal SEGV; Start-Sleep -Milliseconds 100 }
            }
        }
    ) {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 -TimeLimit 60 {
            Use-ExitHandler -Guard {
                Out-Line 'body'
                . $using:Body
            } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Assert-Run -Output body, 'exit block: Killed' -ErrorMatch $Message -Status $Status
    }

    It 'a native command of the body outlives the process and does not hold the guard up' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 {
            $file = "$env:TEST_TEMP/child"
            Use-ExitHandler -Guard {
                /bin/sh -c 'echo $$ > "$0"; echo ready; exec sleep 1000' $file | ForEach-Object { Out-Line $_ }
            } -OnExit {
                $child = [int][System.IO.File]::ReadAllText($file)
                Out-Line "still running: $([System.IO.Directory]::Exists("/proc/$child"))"
                Send-Signal KILL -Id $child
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, 'still running: True' -Status SIGKILL
    }

    It 'nested scopes have one guard; the newest scope''s exit block runs first, each with the values of its own begin' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            $value = 'outer'
            Use-ExitHandler -Guard {
                Use-ExitHandler -Guard { } -OnExit { Out-Line "first inner exit block: $($_.Reason)" } -Append
                $value = 'inner'
                Use-ExitHandler -Append {
                    Use-ExitHandler -Guard -Append {
                        Out-Line "guards: $(@(Get-Child).Count)"
                        Out-Line 'ready'
                        Wait-Forever
                    } -OnExit { Out-Line "inner exit block: $value" }
                } -OnExit { Out-Line 'not guarded: not reached' }
            } -OnExit { Out-Line "outer exit block: $value" }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output 'first inner exit block: Completed', 'guards: 1', ready, 'inner exit block: inner', 'outer exit block: outer' -Status SIGKILL
    }

    It 'in an exit block: the guard runs the blocks that had not begun, and says which one was cut short' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            Use-ExitHandler -Guard { Out-Line 'body' } -OnExit {
                Out-Line "first: $($_.Reason)"
            }, {
                Out-Line "second begins: $($_.Reason)"
                Out-Line 'ready'
                Wait-Forever
            }, {
                Out-Line "third: $($_.Reason)"
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output body, 'first: Completed', 'second begins: Completed', ready, 'third: Killed' -ErrorMatch 'exit block 2 of 3' -Status SIGKILL
    }

    It 'in an exit block of a rescue that began while the guard took the payload: it is not run again' -Tag E1 {
        Skip-Unless -Linux
        $prelude = "$PSScriptRoot/Harness/prelude.ps1"
        $process = "$PSScriptRoot/Harness/process.ps1"
        $run = Start-Script -LeftoverLimit 20 {
            $payload = 'x' * 5000000 # more than a pipe holds
            $watching = [System.Threading.ManualResetEventSlim]::new()
            $watcher = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $watcher.AddScript({
                param($watching)
                . $using:prelude
                . $using:process
                $watching.Set()
                # Holds the guard, and with it the body's thread, until the rescue has begun.
                while (-not ($guard = Get-Child)) { Start-Sleep -Milliseconds 1 }
                Send-Signal STOP -Id $guard
                Out-Line 'ready'
                $null = Wait-ExitRequest
                Start-Sleep -Milliseconds 500
                Send-Signal CONT -Id $guard
            }).AddArgument($watching).BeginInvoke()
            $watching.Wait()
            Use-ExitHandler -Guard -StopTimeoutSeconds 0.05 { Out-Line 'body: not reached' } -OnExit {
                Out-Line "exit block: $($_.Reason), rescue: $($_.IsRescue), $($payload.Length)"
                if ($_.Reason -eq 'Killed') { return }
                # Until the guard has read everything and waits, or has gone.
                foreach ($look in 1..200) {
                    $now = Get-Child | ForEach-Object { [System.IO.File]::ReadAllText("/proc/$_/io") -replace '(?s)\n.*'; [System.IO.File]::ReadAllText("/proc/$_/stat") -replace '^.*\) (\S).*', '$1' }
                    $same = "$now" -eq "$before" -and "$now" -notmatch '[RDT]$' ? $same + 1 : 0
                    $before = $now
                    if ($same -eq 10) { break }
                    Start-Sleep -Milliseconds 50
                }
                Out-Line "the guard waits: $($same -eq 10)"
                Wait-Forever
            }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Wait-Line 'the guard waits: True' | Send-Signal KILL
        $run | Assert-Run -Output ready, 'exit block: Signal, rescue: True, 5000000', 'the guard waits: True' -ErrorMatch 'exit block 1 of 1' -Status SIGKILL
    }

    It 'an error in an exit block does not prevent the next ones; it is in the log file too' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            $env:GRACEFULEXIT_GUARD_LOG = "$env:TEST_TEMP/guard.txt"
            Use-ExitHandler -Guard { Out-Line 'ready'; Wait-Forever } -OnExit {
                Out-Line 'first'
                throw 'on purpose'
            }, {
                Out-Line 'second'
                Write-Error 'not terminating'
                Out-Line 'second goes on'
            }, {
                $log = [System.IO.File]::ReadAllText($env:GRACEFULEXIT_GUARD_LOG)
                Out-Line "log: $($log -match 'Exit block 1 of 3 failed: on purpose') $($log -match 'not terminating') $(if (-not $IsWindows) { [System.IO.File]::GetUnixFileMode($env:GRACEFULEXIT_GUARD_LOG) })"
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, first, second, 'second goes on', "log: True True $((Test-Windows) ? '' : 'UserWrite, UserRead')" -ErrorMatch 'Exit block 1 of 3 failed: on purpose', 'not terminating' -Status SIGKILL
    }

    It 'nobody reads standard output: the exit block goes on to its end' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 -OpenInput {
            Use-ExitHandler -Guard {
                Out-Line 'ready'
                $null = [System.Console]::In.ReadLine() # the output is closed now
                Send-Signal KILL
                Wait-Forever
            } -OnExit {
                Out-Line "exit block begins: $($_.Reason)" -To log.txt
                'into the broken pipe'
                Write-Host 'into the broken pipe'
                [System.Console]::Out.WriteLine('into the broken pipe')
                /bin/echo 'into the broken pipe'
                Out-Line 'exit block ends' -To log.txt
            }
        }
        $run | Wait-Line ready | Close-Output | Send-Line 'go on'
        $run | Assert-Run -Output ready -ErrorMatch 'Broken pipe' -File @{ 'log.txt' = 'exit block begins: Killed', 'exit block ends' } -Status SIGKILL
    }

    It '-ExitTimeoutSeconds holds in the guard too' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            Use-ExitHandler -Guard -ExitTimeoutSeconds 0.5 { Out-Line 'ready'; Wait-Forever } -OnExit {
                Out-Line 'first'
                Wait-Forever
            }, {
                Out-Line 'second'
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, first, second -ErrorMatch 'Exit block 1 of 2 was stopped' -Status SIGKILL
    }
}
