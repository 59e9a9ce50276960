Describe 'Signals after the end of the scope have their default effect again' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'SIG<_> kills' -Tag A8 -ForEach TERM, HUP {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit { 'exit block' }
            try { 'ready'; Wait-Forever } finally { Out-Line 'finally of the caller' }
        }
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output body, 'exit block', ready -Status "SIG$_"
    }

    It 'SIGINT stops the script' -Tag A8 {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit { 'exit block' }
            try { 'ready'; Wait-Forever }
            finally {
                Out-Line 'finally of the caller'
                $Host.SetShouldExit(5) # the status of a stopped script is 0 or 1 by chance, with the shell alone too
            }
        }
        $run | Wait-Line ready | Send-Signal INT
        $run | Assert-Run -Output body, 'exit block', ready, 'finally of the caller' -Status 5
    }

    It 'scopes that an error and signals have ended: a SIGTERM afterwards kills' -Tag A8 {
        $run = Start-Script {
            try { Use-ExitHandler { throw 'broken' } -OnExit { 'exit block' } } catch { "caught: $_" }
            foreach ($number in 1..3) { Use-ExitHandler { "ready $number"; Wait-Forever } -OnExit { 'exit block' } }
            'ready again'
            Wait-Forever
        }
        $run | Wait-Line 'ready 1' | Send-Signal TERM | Wait-Line 'ready 2' | Send-Signal HUP | Wait-Line 'ready 3' | Send-Signal INT
        $run | Wait-Line 'ready again' | Send-Signal TERM
        $run | Assert-Run -Output 'exit block', 'caught: broken', 'ready 1', 'exit block', 'ready 2', 'exit block', 'ready 3', 'exit block', 'ready again' -Status SIGTERM
    }

    It 'after the end of an inner scope the outer one still gets its signals' -Tag A8 {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitHandler { 'inner body' } -OnExit { 'inner exit block' } -Signal SIGTERM, SIGUSR1 -Append
                'ready'
                Wait-Forever
            } -OnExit { "outer exit: $($_.Signal)" }
            'ready again'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Wait-Line 'ready again' | Send-Signal TERM
        $run | Assert-Run -Output 'inner body', 'inner exit block', ready, 'outer exit: SIGTERM', 'ready again' -Status SIGTERM
    }

    It 'a signal that is not in -Signal has its default effect even while the body runs' -Tag A8 {
        $run = Start-Script {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' } -Signal SIGINT
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready -Status SIGTERM
    }

    It 'a scope that a signal has ended is not kept until its time limits have passed' -Tag A8, H5 {
        $run = Start-Script {
            $contexts = foreach ($i in 1..50) {
                Use-ExitHandler { [WeakReference]::new($args[0]); Send-Signal TERM; Wait-Forever } -OnExit {} -StopTimeoutSeconds 3600 -ExitTimeoutSeconds 3600
            }
            # What looks after a body that is being stopped looks again after 25 ms at most.
            foreach ($i in 1..100) {
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
                if (@($contexts | Where-Object IsAlive).Count -le 3) { break }
                Start-Sleep -Milliseconds 50
            }
            "$($contexts.Count) scopes, more than 3 kept: $(@($contexts | Where-Object IsAlive).Count -gt 3)"
        }
        $run | Assert-Run -Output '50 scopes, more than 3 kept: False'
    }
}
