# An sshd of one's own on the loopback address, and the real ssh.
Describe 'Over SSH' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $prelude = "$PSScriptRoot/../Harness/prelude.ps1"
        $needs = @{ Linux = $true; Root = $true; Program = 'sshd', 'ssh', 'ssh-keygen' }

        function Get-FreePort {
            $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
            $listener.Start()
            $listener.LocalEndpoint.Port
            $listener.Stop()
        }

        # An sshd, with a script for its clients to run.
        function Start-Server([scriptblock] $Script) {
            $server = Start-Program sh "$PSScriptRoot/start/sshd.sh", (Get-FreePort), (Get-ShellPath)
            $null = $server | Wait-ErrorText '^Server listening'
            if ($Script) { [IO.File]::WriteAllText("$($server.Directory)/script.ps1", ". '$prelude'`n. '$guard'`n$Script") }
            $server
        }

        function Start-Client($Server, [string[]] $Option = @(), [switch] $Terminal) {
            $command = "exec '$($Server.Directory)/run' -NoProfile -NonInteractive -File '$($Server.Directory)/script.ps1'"
            Start-Program ssh ($Option + '-F', "$($Server.Directory)/ssh_config", 'test', $command) -Terminal:$Terminal
        }

        # Ends sshd. Nothing of what it has started may be left.
        function Stop-Server($Server, [hashtable] $File = @{}) {
            $Server | Send-Signal TERM
            $Server | Assert-Run -Output listening -ErrorMatch '^Server listening' -File $File -Status 0, 255
        }
    }

    Context 'ssh host pwsh' {
        It 'SIGTERM to the shell there: the exit block''s output and the status come back' -Tag A2 {
            Skip-Unless @needs
            $server = Start-Server { Use-ExitHandler -AfterSignal Exit { "ready: $PID"; Wait-Forever } -OnExit { "exit block: $($_.Signal)" } }
            $client = Start-Client $server
            $null = $client | Wait-Text -Match '^ready: (\d+)$'
            $client | Send-Signal TERM -Id $client.Found[1]
            $client | Assert-Run -OutputMatch '\Aready: \d+\nexit block: SIGTERM\n\z' -Status 143
            Stop-Server $server
        }

        It 'SIGKILL to the shell there: the guard runs the exit block, whose output comes back' -Tag E1 {
            Skip-Unless @needs
            $server = Start-Server { Use-ExitHandler -Guard { 'ready'; Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" } }
            $client = Start-Client $server
            $client | Assert-Run -Output ready, 'exit block: Killed' -Status 255, 137
            Stop-Server $server
        }

        # Nobody tells a process without a terminal that the client has gone.
        It 'the client is gone: the script there goes on, as docs/places.md says' -Tag A1 {
            Skip-Unless @needs
            $server = Start-Server {
                Use-ExitHandler { Out-Line 'ready'; while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 } } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
            }
            $client = Start-Client $server
            $client | Wait-Line ready | Send-Signal KILL
            $client | Assert-Run -Output ready -Status SIGKILL
            $null = New-Item -Path "$($server.Directory)/go"
            $null = $server | Wait-FileLine log.txt 'exit block: Completed'
            Stop-Server $server @{ 'log.txt' = 'exit block: Completed' }
        }

        It 'the client is gone, and the script watches its standard input: it is asked to end' -Tag G5 {
            Skip-Unless @needs
            $server = Start-Server {
                Use-ExitHandler {
                    $null = Start-ThreadJob {
                        Import-Module $env:GRACEFULEXIT_MODULE
                        [Console]::OpenStandardInput().CopyTo([IO.Stream]::Null)
                        Send-ExitRequest -Signal HUP
                    }
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit { Out-Line "exit block: $($_.Signal)" -To log.txt } -AfterSignal Exit
            }
            # Standard input stays open as long as the client lives.
            $client = Start-Program sh '-c', "sleep 60 | exec ssh -F '$($server.Directory)/ssh_config' test `"exec '$($server.Directory)/run' -NoProfile -NonInteractive -File '$($server.Directory)/script.ps1'`""
            $client | Wait-Line ready | Send-Signal KILL -Group
            $client | Assert-Run -Output ready -Status SIGKILL
            $null = $server | Wait-FileLine log.txt 'exit block: SIGHUP'
            Stop-Server $server @{ 'log.txt' = 'exit block: SIGHUP' }
        }
    }

    Context 'ssh -tt host pwsh' {
        It 'Ctrl+C at the client''s terminal: the exit block runs, the script goes on' -Tag A2, C15 {
            Skip-Unless @needs
            $server = Start-Server { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }; 'caller goes on' }
            $client = Start-Client $server '-tt' -Terminal
            $client | Wait-Line ready | Send-CtrlC
            $client | Assert-Run -OutputMatch '^ready$', 'exit block: SIGINT$', '^caller goes on$'
            Stop-Server $server
        }

        It 'the client is gone: SIGHUP; the exit block runs to its end' -Tag A2, C15 {
            Skip-Unless @needs
            $server = Start-Server {
                Use-ExitHandler -AfterSignal Exit { Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line "exit block: $($_.Signal)" -To log.txt
                    'nobody reads this'
                    Start-Sleep -Milliseconds 300
                    Out-Line 'exit block ends' -To log.txt
                }
            }
            $client = Start-Client $server '-tt'
            $client | Wait-Text -Match '^ready\r?$' | Send-Signal KILL
            $client | Assert-Run -OutputMatch '^ready' -Status SIGKILL
            $null = $server | Wait-FileLine log.txt 'exit block ends'
            Stop-Server $server @{ 'log.txt' = 'exit block: SIGHUP', 'exit block ends' }
        }
    }

    Context 'a remote session (New-PSSession -HostName)' {
        BeforeAll {
            # Connects as "ssh -F" would.
            $connect = {
                param($Directory)
                $port = [int] ((Get-Content "$Directory/ssh_config") -match '^Port ')[0].Substring(5)
                $options = @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; IdentitiesOnly = 'yes'; IdentityAgent = 'none'; LogLevel = 'ERROR' }
                New-PSSession -HostName 127.0.0.1 -Port $port -UserName ([Environment]::UserName) -KeyFilePath "$Directory/key" -Options $options
            }
        }

        It 'SIGTERM to the shell there: the exit block runs, and the session goes on' -Tag A2 {
            Skip-Unless @needs
            $server = Start-Server
            $directory = $server.Directory
            $client = Start-Script {
                $session = & $using:connect $using:directory
                Invoke-Command $session {
                    . $using:prelude
                    Use-ExitHandler { "ready: $PID"; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
                    'session goes on'
                }
                Remove-PSSession $session
            }
            $null = $client | Wait-Text -Match '^ready: (\d+)$'
            $client | Send-Signal TERM -Id $client.Found[1]
            $client | Assert-Run -OutputMatch '\Aready: \d+\nexit block: SIGTERM\nsession goes on\n\z'
            Stop-Server $server
        }

        It '<How>: the exit block runs, Reason Stopped' -Tag C1 -ForEach @(
            @{ How = 'Stop-Job'; Stop = { Stop-Job $args[0]; Remove-PSSession $args[1] } }
            @{ How = 'Remove-PSSession'; Stop = { Remove-PSSession $args[1] } }
            @{ How = 'the client is gone'; Stop = { Send-Signal KILL } }
        ) {
            Skip-Unless @needs
            $server = Start-Server
            $directory = $server.Directory
            $client = Start-Script {
                $session = & $using:connect $using:directory
                $job = Invoke-Command $session -AsJob {
                    . $using:prelude
                    Set-Location $env:TEST_TEMP
                    Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
                }
                while (-not (Receive-Job $job)) { Start-Sleep -Milliseconds 20 }
                Out-Line 'ready'
                & $using:Stop $job $session
            }
            $client | Assert-Run -Output ready -Status 0, SIGKILL
            $null = $server | Wait-FileLine log.txt 'exit block: Stopped'
            Stop-Server $server @{ 'log.txt' = 'exit block: Stopped' }
        }

        It 'SIGKILL to the shell there: the guard runs the exit block' -Tag E1 {
            Skip-Unless @needs
            $server = Start-Server
            $directory = $server.Directory
            $client = Start-Script {
                $session = & $using:connect $using:directory
                try {
                    Invoke-Command $session -ErrorAction Stop {
                        . $using:prelude
                        . $using:guard
                        Use-ExitHandler -Guard { Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt }
                    }
                }
                catch { 'the session is broken' }
            }
            $client | Assert-Run -Output 'the session is broken'
            $null = $server | Wait-FileLine log.txt 'exit block: Killed'
            Stop-Server $server @{ 'log.txt' = 'exit block: Killed' }
        }
    }
}
