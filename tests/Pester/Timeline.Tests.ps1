Describe '-Verbose: what happens when' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # Turns the timeline into plain lines, and says at the end whether its times never go back.
        $show = {
            begin { $times = @() }
            process {
                if ($_ -isnot [System.Management.Automation.VerboseRecord]) { return Out-Line $_ }
                if ($_ -notmatch '^ *(?<time>\d+\.\d) ms  (?<what>.*)$') { return Out-Line "malformed: $_" }
                Out-Line $Matches.what
                $times += [double]::Parse($Matches.time, [cultureinfo]::InvariantCulture)
            }
            end { Out-Line "in order: $("$times" -eq "$($times | Sort-Object)")" }
        }
    }

    It 'the body ends by itself; a signal; a signal and a grace period' -Tag D5 {
        $run = Start-Script {
            Use-ExitHandler { 'body' } -OnExit { 'first' }, { } -Verbose 4>&1 | & $using:show
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { 'first' }, { } -Verbose 4>&1 | & $using:show
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { 'first' }, { } -GracePeriodSeconds 0.3 -Verbose 4>&1 | & $using:show
        }
        $run | Wait-Line ready | Send-Signal INT | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output @(
            'registered for SIGTERM, SIGINT, SIGHUP'
            'body'
            'body ended: Completed'
            'exit block 1'
            'first'
            'exit block 2'
            'end: Completed'
            'in order: True'

            'registered for SIGTERM, SIGINT, SIGHUP'
            'ready'
            'exit requested: SIGINT'
            'stop'
            'body ended: Stopped'
            'exit block 1'
            'first'
            'exit block 2'
            'end: Signal SIGINT'
            'in order: True'

            'registered for SIGTERM, SIGINT, SIGHUP'
            'ready'
            'exit requested: SIGTERM'
            'drain'
            'stop'
            'body ended: Stopped'
            'exit block 1'
            'first'
            'exit block 2'
            'end: Signal SIGTERM'
            'in order: True'
        )
    }

    It 'a wait that has to be interrupted; a rescue, whose output comes at once, and the timeline when the body''s thread is free again' -Tag D5 {
        Skip-Unless -Linux
        $run = Start-Script {
            Use-ExitHandler { Show-LineWhen Blocked; [System.Threading.Thread]::Sleep(-1) } -OnExit { 'first' }, { } -Verbose 4>&1 | & $using:show
            Use-ExitHandler {
                $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                $listener.Start()
                Show-LineWhen Blocked
                $null = $listener.AcceptTcpClient()
            } -OnExit { 'first' }, { $listener.Stop() } -StopTimeoutSeconds 0.5 -Verbose 4>&1 | & $using:show
        }
        $run | Wait-Line ready | Send-Signal TERM | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output @(
            'registered for SIGTERM, SIGINT, SIGHUP'
            'ready'
            'exit requested: SIGTERM'
            'stop'
            'interrupt'
            'body ended: Stopped'
            'exit block 1'
            'first'
            'exit block 2'
            'end: Signal SIGTERM'
            'in order: True'

            'registered for SIGTERM, SIGINT, SIGHUP'
            'ready'
            'first'
            'exit requested: SIGTERM'
            'stop'
            'rescue'
            'exit block 1'
            'exit block 2'
            'body ended: Stopped'
            'end: Signal SIGTERM'
            'in order: True'
        )
    }
}
