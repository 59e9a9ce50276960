Describe '-AfterSignal: what follows a signal' -Tag Contract, H2, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    # SIGTERM and SIGHUP, SIGINT and SIGQUIT (Ctrl+Break on Windows, Ctrl+\ elsewhere) are alike, but for pwsh's own handler for the
    # latter two: of each couple one meets -File and one -Command. A script that is stopped ends with 0 or 1, as in plain pwsh.
    It '<After>, SIG<Signal>, <How>: finally blocks and the exit block run first' -Tag C14 -ForEach @(
        @{ After = 'Continue'; Signal = 'TERM'; Code = 143; How = '-File'; Status = 0 }
        @{ After = 'Continue'; Signal = 'HUP'; Code = 129; How = '-Command'; Status = 0 }
        @{ After = 'Continue'; Signal = 'INT'; Code = 130; How = '-Command'; Status = 0 }
        @{ After = 'Continue'; Signal = 'QUIT'; Code = 131; How = '-File'; Status = 0 }
        @{ After = 'Stop'; Signal = 'TERM'; Code = 143; How = '-Command'; Status = 1 }
        @{ After = 'Stop'; Signal = 'HUP'; Code = 129; How = '-File'; Status = 0 }
        @{ After = 'Stop'; Signal = 'INT'; Code = 130; How = '-File'; Status = 0, 1 }
        @{ After = 'Stop'; Signal = 'QUIT'; Code = 131; How = '-Command'; Status = 1 }
        @{ After = 'Exit'; Signal = 'TERM'; Code = 143; How = '-File'; Status = 143 }
        @{ After = 'Exit'; Signal = 'HUP'; Code = 129; How = '-Command'; Status = 129 }
        @{ After = 'Exit'; Signal = 'INT'; Code = 130; How = '-Command'; Status = 130 }
        @{ After = 'Exit'; Signal = 'QUIT'; Code = 131; How = '-File'; Status = 131 }
        @{ After = 'Raise'; Signal = 'TERM'; Code = 143; How = '-Command'; Status = 'SIGTERM' }
        @{ After = 'Raise'; Signal = 'HUP'; Code = 129; How = '-File'; Status = 'SIGHUP' }
        @{ After = 'Raise'; Signal = 'INT'; Code = 130; How = '-File'; Status = 'SIGINT' }
        @{ After = 'Raise'; Signal = 'QUIT'; Code = 131; How = '-Command'; Status = 'SIGQUIT' }
    ) {
        $listened = $Signal -eq 'QUIT' ? 'QUIT' : ('TERM', 'INT', 'HUP')
        $run = Start-Script -AsCommand:($How -eq '-Command') {
            Start-Sleep -Milliseconds 0 # loads the command: a stop amid that would leave it unknown
            try {
                Use-ExitHandler {
                    try {
                        'ready'
                        Wait-Forever
                    }
                    finally { Out-Line 'finally of the body' }
                } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -Signal $using:listened -AfterSignal $using:After
                'caller goes on'
            }
            finally {
                Start-Sleep -Milliseconds 100 # a process that did not wait would be gone
                Out-Line 'finally of the caller'
            }
        }
        $run | Wait-Line ready | Send-Signal $Signal
        $run | Assert-Run -Status $Status -Output @(
            'ready'
            'finally of the body'
            "exit block: Signal SIG$Signal $Code"
            if ($After -eq 'Continue') { 'caller goes on' }
            'finally of the caller'
        )
    }

    It '<After>, the scope is in a script that another one calls: both end, finally blocks first' -Tag C14 -ForEach @(
        @{ After = 'Stop'; Status = 0 }
        @{ After = 'Exit'; Status = 143 }
    ) {
        $run = Start-Script {
            @'
try {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal) $($_.ExitCode)" } -AfterSignal $args[0]
    Out-Line 'called script goes on'
}
finally { Out-Line 'finally of the called script' }
'@ | Set-Content called.ps1

            function Invoke-Script {
                try {
                    ./called.ps1 $using:After
                    Out-Line 'function goes on'
                }
                finally { Out-Line 'finally of the function' }
            }

            Invoke-Script
            'calling script goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM 143', 'finally of the called script', 'finally of the function' -Status $Status
    }

    It '<After>, the body ends by itself in its grace period: the same' -Tag C14 -ForEach @(
        @{ After = 'Stop'; Status = 0 }
        @{ After = 'Raise'; Status = 'SIGTERM' }
    ) {
        $run = Start-Script {
            Use-ExitHandler {
                'ready'
                $null = Wait-ExitRequest
                'body ends'
            } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal $using:After -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'body ends', 'exit block: Signal SIGTERM 143' -Status $Status
    }

    It 'the body fails or exits in its grace period: the caller catches the error, and the body''s own status counts' -Tag C14 {
        $run = Start-Script {
            $work = { "ready to $end"; $null = Wait-ExitRequest; "body ${end}s"; if ($end -eq 'fail') { throw 'broken in the body' } else { exit 3 } }
            $exitBlock = { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" }
            try {
                $end = 'fail'
                Use-ExitHandler $work -OnExit $exitBlock -AfterSignal Exit -GracePeriodSeconds 20
            }
            catch { "caught: $_" }
            $end = 'exit'
            Use-ExitHandler $work -OnExit $exitBlock -AfterSignal Exit -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line 'ready to fail' | Send-Signal TERM | Wait-Line 'ready to exit' | Send-Signal TERM
        $run | Assert-Run -Status 3 -Output @(
            'ready to fail', 'body fails', 'exit block: Error SIGTERM 1', 'caught: broken in the body'
            'ready to exit', 'body exits', 'exit block: Exit SIGTERM 3'
        )
    }

    It 'it has no effect if no signal has ended the scope' -Tag C14 {
        $run = Start-Script {
            foreach ($after in 'Stop', 'Exit', 'Raise') {
                Use-ExitHandler { Out-Line "$after, body" } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after
                try { Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after }
                catch { Out-Line "caught: $_" }
                Use-ExitHandler { 'first', 'second' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after |
                    Select-Object -First 1 | ForEach-Object { Out-Line $_ }
                foreach ($turn in 1..2) { Use-ExitHandler { break } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after }
            }
            Use-ExitHandler { exit 3 } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal Raise
            Out-Line 'not reached'
        }
        $run | Assert-Run -Status 3 -Output @(
            foreach ($after in 'Stop', 'Exit', 'Raise') {
                "$after, body", 'exit block: Completed'
                'exit block: Error', 'caught: broken'
                'first', 'exit block: Stopped'
                'exit block: Completed'
            }
            'exit block: Exit'
        )
    }
}
