Describe '-AfterSignal: what follows a signal' -Tag Contract, H2, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $numbers = @{ TERM = 15; INT = 2; HUP = 1 }
        # What the shell returns, started with -File. A script that Ctrl+C stops ends with 0 or 1, as in plain pwsh.
        $statuses = {
            param($after, $signal)
            switch ($after) {
                'Continue' { 0 }
                'Stop' { $signal -eq 'INT' ? @(0, 1) : 0 }
                'Exit' { 128 + $numbers[$signal] }
                'Raise' { "SIG$signal" }
            }
        }
        $cases = foreach ($after in 'Continue', 'Stop', 'Exit', 'Raise') {
            foreach ($signal in 'TERM', 'INT', 'HUP') {
                @{ After = $after; Signal = $signal; Code = 128 + $numbers[$signal]; How = '-File'; Status = & $statuses $after $signal }
                # With -Command a stopped script makes 1.
                @{ After = $after; Signal = $signal; Code = 128 + $numbers[$signal]; How = '-Command'; Status = $after -eq 'Stop' ? 1 : (& $statuses $after $signal) }
            }
        }
    }

    It '<After>, SIG<Signal>, <How>: finally blocks and the exit block run first' -Tag C14 -ForEach $cases {
        $run = Start-Script -AsCommand:($How -eq '-Command') {
            Start-Sleep -Milliseconds 0 # loads the command: a stop amid that would leave it unknown
            try {
                Use-ExitHandler {
                    try {
                        'ready'
                        Wait-Forever
                    }
                    finally { Out-Line 'finally of the body' }
                } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal $using:After
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

    # Ctrl+Break on Windows, Ctrl+\ elsewhere. pwsh has a handler for it as for Ctrl+C.
    It '<After>, SIGQUIT: the same' -Tag C14 -ForEach @(
        @{ After = 'Continue'; Status = 0 }
        @{ After = 'Stop'; Status = 0, 1 }
        @{ After = 'Exit'; Status = 131 }
        @{ After = 'Raise'; Status = 'SIGQUIT' }
    ) {
        $run = Start-Script {
            try {
                Use-ExitHandler {
                    try {
                        'ready'
                        Wait-Forever
                    }
                    finally { Out-Line 'finally of the body' }
                } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -Signal QUIT -AfterSignal $using:After
                'caller goes on'
            }
            finally { Out-Line 'finally of the caller' }
        }
        $run | Wait-Line ready | Send-Signal QUIT
        $run | Assert-Run -Status $Status -Output @(
            'ready'
            'finally of the body'
            'exit block: Signal SIGQUIT 131'
            if ($After -eq 'Continue') { 'caller goes on' }
            'finally of the caller'
        )
    }

    It '<After>, the scope is in a script that another one calls: both end, finally blocks first' -Tag C14 -ForEach @(
        @{ After = 'Stop'; Status = 0 }
        @{ After = 'Exit'; Status = 143 }
        @{ After = 'Raise'; Status = 'SIGTERM' }
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
        @{ After = 'Exit'; Status = 143 }
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

    It 'the body exits in its grace period: its own status counts' -Tag C14 {
        $run = Start-Script {
            Use-ExitHandler {
                'ready'
                $null = Wait-ExitRequest
                'body exits'
                exit 3
            } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal Exit -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'body exits', 'exit block: Exit SIGTERM 3' -Status 3
    }

    It 'the body fails in its grace period: the caller catches the error' -Tag C14 {
        $run = Start-Script {
            try {
                Use-ExitHandler {
                    'ready'
                    $null = Wait-ExitRequest
                    'body fails'
                    throw 'broken in the body'
                } -OnExit { "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal Exit -GracePeriodSeconds 20
            }
            catch { "caught: $_" }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'body fails', 'exit block: Error SIGTERM 1', 'caught: broken in the body'
    }

    It '<_> has no effect if no signal has ended the scope' -Tag C14 -ForEach Stop, Exit, Raise {
        $run = Start-Script {
            $after = $using:_
            Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after
            try { Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after }
            catch { Out-Line "caught: $_" }
            Use-ExitHandler { 'first', 'second' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after |
                Select-Object -First 1 | ForEach-Object { Out-Line $_ }
            foreach ($turn in 1..2) { Use-ExitHandler { break } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after }
            Use-ExitHandler { exit 3 } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $after
            Out-Line 'not reached'
        }
        $run | Assert-Run -Status 3 -Output @(
            'body', 'exit block: Completed'
            'exit block: Error', 'caught: broken'
            'first', 'exit block: Stopped'
            'exit block: Completed'
            'exit block: Exit'
        )
    }
}
