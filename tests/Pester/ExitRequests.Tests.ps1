Describe 'An exit requested from code' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    It 'Send-ExitRequest in the body ends it as SIGTERM, SIGINT or SIGHUP would; no further statement runs' -Tag G5 {
        $run = Start-Script {
            foreach ($signal in 'TERM', 'INT', 'HUP') {
                Use-ExitHandler { 'body'; Send-ExitRequest -Signal $signal; 'not reached' } -OnExit { "exit: $($_.Signal) $($_.Reason)" }
                'caller goes on'
            }
        }
        $run | Assert-Run -Output ('TERM', 'INT', 'HUP' | ForEach-Object { 'body', "exit: SIG$_ Signal", 'caller goes on' })
    }

    It 'from a thread job, with a grace period' -Tag G5 {
        $run = Start-Script {
            Use-ExitHandler {
                $null = Start-ThreadJob { Import-Module $env:GRACEFULEXIT_MODULE; Send-ExitRequest }
                Wait-ExitRequest 20
            } -GracePeriodSeconds 10 -OnExit { $_.Signal }
        }
        $run | Assert-Run -Output True, SIGTERM
    }

    It 'if nobody listens: the error NoExitHandler' -Tag G5 {
        Skip-Unless -Unix
        $run = Start-Script {
            try { Send-ExitRequest } catch { $_.FullyQualifiedErrorId -replace ',.*' }
            Use-ExitHandler { try { Send-ExitRequest -Signal USR1 } catch { $_.FullyQualifiedErrorId -replace ',.*' } }
        }
        $run | Assert-Run -Output NoExitHandler, NoExitHandler
    }

    It '-Id sends a real signal to another process; one that does not exist is an error' -Tag G6 {
        Skip-Unless -Linux
        $run = Start-Script {
            $child = Start-Process sleep 1000 -PassThru
            Send-ExitRequest -Id $child.Id
            $child.WaitForExit()
            $child.ExitCode
            Send-ExitRequest -Id $child.Id -ErrorVariable problem -ErrorAction SilentlyContinue
            $problem[0].FullyQualifiedErrorId -replace ',.*'
        }
        $run | Assert-Run -Output 143, NoSuchProcess
    }

    It '-Id of another user''s process: the error MayNotSignal, and the process goes on' -Tag G6 {
        Skip-Unless -Linux -Root -Program setpriv
        $victim = [System.Diagnostics.Process]::Start('sleep', '1000')
        try {
            $shell = 'sh', '-c', 'chmod -R a+rwX . && exec setpriv --reuid 64124 --regid 64124 --clear-groups "$@"', 'sh', (Get-ShellPath)
            $run = Start-Script -Shell $shell -ArgumentList $victim.Id {
                param($Id)
                Send-ExitRequest -Id $Id -ErrorVariable problem -ErrorAction SilentlyContinue
                $problem.FullyQualifiedErrorId -replace ',.*'
                "$problem" -match "\b$Id\b"
            }
            $run | Assert-Run -Output MayNotSignal, True
            $victim.HasExited | Should -BeFalse
        }
        finally {
            $victim.Kill()
            $victim.WaitForExit()
        }
    }

    # To every process of the console, as the key does, but not to the sender itself.
    It '-Id on Windows sends Ctrl+C to a process in the same console, and reports what it can''t send' -Tag G6, Windows, WindowsOnly {
        $run = Start-Script {
            $start = [System.Diagnostics.ProcessStartInfo]::new('ping.exe', '-n 1000 127.0.0.1')
            $start.RedirectStandardOutput = $true
            $child = [System.Diagnostics.Process]::Start($start)
            Use-ExitHandler {
                Send-ExitRequest -Id $child.Id -ErrorVariable problem -ErrorAction SilentlyContinue
                # Until it is up it is in no console, or is not ready for it.
                do { Send-ExitRequest -Id $child.Id -Signal INT -ErrorAction Ignore } until ($child.WaitForExit(200))
                'ended'
                Send-ExitRequest -Id $child.Id -Signal INT -ErrorVariable +problem -ErrorAction SilentlyContinue
                $problem.FullyQualifiedErrorId -replace ',.*'
            } -OnExit { "exit block: $($_.Reason)" }
        }
        $run | Assert-Run -Output ended, SendSignalUnsupported, NoSuchProcess, 'exit block: Completed'
    }

    It 'a shield holds back a signal until it has ended, the request is visible at once; one that takes too long is stopped' -Tag G7 {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitShield { 'ready'; Wait-ExitRequest; Start-Sleep -Milliseconds 300; 'shield ends' }
                'not reached'
            } -OnExit { "exit: $($_.Signal)" }
            'caller goes on'
            Use-ExitHandler { Use-ExitShield { 'in a long one'; Wait-Forever } -TimeoutSeconds 0.5 } -OnExit { "exit: $($_.Signal)" }
            'caller goes on again'
        }
        $run | Wait-Line ready | Send-Signal INT | Wait-Line 'in a long one' | Send-Signal TERM
        $run | Assert-Run -Output ready, True, 'shield ends', 'exit: SIGINT', 'caller goes on', 'in a long one', 'exit: SIGTERM', 'caller goes on again' -Within 10
    }

    It 'a shield holds back Stop-Job' -Tag G7 {
        $run = Start-Script {
            $begun = [System.Threading.ManualResetEventSlim]::new()
            $job = Start-ThreadJob -ArgumentList $begun {
                param($begun)
                Import-Module $env:GRACEFULEXIT_MODULE
                Use-ExitHandler {
                    Use-ExitShield { 'begun'; $begun.Set(); [System.Threading.Thread]::Sleep(1000); 'shield ends' }
                    'not reached'
                } -OnExit { [System.IO.File]::WriteAllText("$env:TEST_TEMP/log.txt", "exit block`n") }
            }
            # Not by Receive-Job: it fails now and then while the job writes.
            $null = $begun.Wait(20000)
            Stop-Job $job
            Receive-Job $job
        }
        $run | Assert-Run -Output begun, 'shield ends' -File @{ 'log.txt' = 'exit block' }
    }

    It 'outside a scope a shield only runs its block; a shield within a shield is a part of it' -Tag G7 {
        $run = Start-Script {
            Use-ExitShield { 'alone' }
            Use-ExitHandler { Use-ExitShield { Use-ExitShield { Send-ExitRequest; 'inner' }; 'outer' }; 'not reached' } -OnExit { 'exit block' }
        }
        $run | Assert-Run -Output alone, inner, outer, 'exit block'
    }

    It 'a shield runs as a whole or not at all, even if the signal comes just as it begins; in a finally block too' -Tag G7 {
        Skip-Unless -Unix # Windows tells a process to end once only
        $run = Start-Script {
            foreach ($number in 1..40) {
                Use-ExitHandler {
                    try {
                        Send-Signal TERM
                        while ($true) { Use-ExitShield { $begun++; Start-Sleep -Milliseconds 5; $ended++ } }
                    }
                    finally { Use-ExitShield { Start-Sleep -Milliseconds 5; $finally++ } }
                } -OnExit { $exits++ }
            }
            "$($begun - $ended) cut, $finally finally, $exits exit blocks"
        }
        $run | Assert-Run -Output '0 cut, 40 finally, 40 exit blocks'
    }
}
