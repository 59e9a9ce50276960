Describe 'Under systemd' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # The supervisor's side: a socket, and what has come through it. -Abstract: a name that is no file.
        $supervisor = {
            param([switch] $Abstract)
            $name = $Abstract ? "@graceful-exit-$PID" : "$env:TEST_TEMP/notify"
            $socket = [System.Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
            $socket.Bind([System.Net.Sockets.UnixDomainSocketEndPoint]::new(($name -replace '^@', "`0")))
            $env:NOTIFY_SOCKET = $name

            # With -Wait, for the first one, which is on its way.
            function Show-Notice([switch] $Wait) {
                $count = 0
                while ($socket.Poll($Wait -and $count -eq 0 ? 10000000 : 200000, 'SelectRead')) {
                    $buffer = [byte[]]::new(1000)
                    $notice = [System.Text.Encoding]::ASCII.GetString($buffer, 0, $socket.Receive($buffer))
                    Out-Line "notice: $($notice -replace '\n', ', ' -replace '=\d{2,}$', '=n')"
                    $count++
                }
                Out-Line "notices: $count"
            }
        }
    }

    It '-AfterSignal <After>, a socket of the <Kind>: STOPPING=1 is sent, once' -Tag D6 -ForEach @(
        @{ After = 'Exit'; Kind = 'abstract namespace'; Status = 143 }
        @{ After = 'Raise'; Kind = 'file system'; Status = 'SIGTERM' }
    ) {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor -Abstract:($using:Kind -ne 'file system')
            Use-ExitHandler { } -OnExit { }
            Show-Notice
            Use-ExitHandler {
                'ready'
                Wait-Forever
            } -OnExit { Show-Notice -Wait }, { 'second exit block'; Show-Notice } -AfterSignal $using:After
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'notices: 0', ready, 'notice: STOPPING=1, EXTEND_TIMEOUT_USEC=n', 'notices: 1', 'second exit block', 'notices: 0' -Status $Status
    }

    It 'it is sent at the request: a body in its grace period can see it; it asks for time for the grace period and the clean-up' -Tag D6 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor
            Use-ExitHandler {
                Out-Line 'ready'
                $null = Wait-ExitRequest
                $buffer = [byte[]]::new(1000)
                $notice = [System.Text.Encoding]::ASCII.GetString($buffer, 0, $socket.Receive($buffer))
                Out-Line ($notice -replace '(?s)\n.*')
                $seconds = [long]($notice -replace '(?s).*EXTEND_TIMEOUT_USEC=') / 1000000
                Out-Line "at least as long: $($seconds -ge 50), not for ever: $($seconds -le 120)"
                Out-Line 'body ends'
            } -OnExit { Out-Line 'exit block'; Show-Notice } -GracePeriodSeconds 20 -ExitTimeoutSeconds 30 -AfterSignal Exit
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'STOPPING=1', 'at least as long: True, not for ever: True', 'body ends', 'exit block', 'notices: 0' -Status 143
    }

    It 'the script goes on after SIGTERM, SIGHUP, SIGUSR1: nothing is sent; the next scope ends the process: it is sent then' -Tag D6 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor
            foreach ($signal in 'TERM', 'HUP', 'USR1') {
                Use-ExitHandler { Out-Line "ready $signal"; Wait-Forever } -OnExit { Show-Notice } -Signal $signal
                Show-Notice
            }
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Show-Notice -Wait } -AfterSignal Exit
        }
        $run | Wait-Line 'ready TERM' | Send-Signal TERM | Wait-Line 'ready HUP' | Send-Signal HUP | Wait-Line 'ready USR1' | Send-Signal USR1
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Status 143 -Output @(
            foreach ($signal in 'TERM', 'HUP', 'USR1') { "ready $signal", 'notices: 0', 'notices: 0' }
            'ready', 'notice: STOPPING=1, EXTEND_TIMEOUT_USEC=n', 'notices: 1'
        )
    }

    It 'the outer one of nested scopes ends the process: it is sent once' -Tag D6 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor
            Use-ExitHandler {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Show-Notice -Wait } -Append
            } -OnExit { 'outer exit block'; Show-Notice } -AfterSignal Exit
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'notice: STOPPING=1, EXTEND_TIMEOUT_USEC=n', 'notices: 1', 'outer exit block', 'notices: 0' -Status 143
    }

    It '[Environment]::Exit in a scope: it is sent' -Tag D6 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor
            Use-ExitHandler { [System.Environment]::Exit(7) } -OnExit { Show-Notice -Wait }
        }
        $run | Assert-Run -Output 'notice: STOPPING=1, EXTEND_TIMEOUT_USEC=n', 'notices: 1' -Status 7
    }

    It 'a full socket does not delay the end' -Tag D6 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:supervisor
            # As from a supervisor that has stopped reading: nothing more fits in.
            $sender = [System.Net.Sockets.Socket]::new('Unix', 'Dgram', 'Unspecified')
            $sender.Connect([System.Net.Sockets.UnixDomainSocketEndPoint]::new($env:NOTIFY_SOCKET))
            $sender.Blocking = $false
            try { while ($true) { $null = $sender.Send([byte[]]::new(100)) } } catch { "full: $($_.Exception.InnerException.SocketErrorCode)" }
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" } -AfterSignal Exit
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'full: WouldBlock', ready, 'exit block: SIGTERM' -Status 143 -Within 10
    }

    It 'a notify socket that <What> does not delay the end' -Tag D6 -ForEach @(
        @{ What = 'is not there'; Socket = '/nowhere/notify' }
        @{ What = 'has an empty name'; Socket = '@' }
        @{ What = 'has too long a name'; Socket = '/' + 'x' * 200 }
        @{ What = 'is of another kind'; Socket = 'vsock:2:1' }
    ) {
        $run = Start-Script -Environment @{ NOTIFY_SOCKET = $Socket } {
            Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" } -AfterSignal Exit
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM' -Status 143
    }
}
