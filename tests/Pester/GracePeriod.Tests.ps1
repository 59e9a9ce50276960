Describe 'A grace period: the body gets time to end by itself' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
    }

    It 'SIGTERM, SIGINT and SIGHUP wake Wait-ExitRequest at once, the request is seen everywhere, the body ends by itself' -Tag D1 {
        $run = Start-Script {
            foreach ($turn in 1..3) {
                Use-ExitHandler {
                    $context = $_
                    "before: $(Wait-ExitRequest 0) $($context.IsExitRequested) $($context.Token.IsCancellationRequested)"
                    "ready $turn"
                    $answer = Wait-ExitRequest
                    $late = ([datetime]::Now - $context.RequestedAt).TotalMilliseconds
                    "requested: $answer $($context.IsExitRequested) $($context.Token.IsCancellationRequested), at once: $($late -lt 500)"
                    "so far: $($context.Reason) $($context.Signal) $($context.ExitCode), again: $(Wait-ExitRequest) $(Wait-ExitRequest 0)"
                    Start-Sleep -Milliseconds 300 # time in which a stop would be seen
                    'body ends by itself'
                } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -GracePeriodSeconds 20
                'caller goes on'
            }
        }
        $run | Wait-Line 'ready 1' | Send-Signal TERM | Wait-Line 'ready 2' | Send-Signal INT | Wait-Line 'ready 3' | Send-Signal HUP
        $run | Assert-Run -Output @(
            foreach ($turn in 1..3) {
                $told = ('SIGTERM 143', 'SIGINT 130', 'SIGHUP 129')[$turn - 1]
                'before: False False False'
                "ready $turn"
                'requested: True True True, at once: True'
                "so far: Signal $told, again: True True"
                'body ends by itself'
                "exit: Signal $told"
                'caller goes on'
            }
        )
    }

    It 'the body notices the request by a token, the context or Wait-ExitRequest 0' -Tag D1 {
        $notices = @(
            @{ By = 'the token of a .NET call'; Notice = { try { [System.Threading.Tasks.Task]::Delay(-1, $exit.Token).Wait() } catch { $_.Exception.InnerException.InnerException.GetType().Name } }; Told = 'TaskCanceledException' }
            @{ By = 'the token''s wait handle'; Notice = { $exit.Token.WaitHandle.WaitOne() }; Told = 'True' }
            @{ By = 'looking at the context'; Notice = { while (-not $exit.IsExitRequested) { } 'seen' }; Told = 'seen' }
            @{ By = 'looking at the context in a pipeline'; Notice = { 1..[int]::MaxValue | Where-Object { $exit.IsExitRequested } | Select-Object -First 1 | ForEach-Object { $_ -gt 0 } }; Told = 'True' }
            @{ By = 'Wait-ExitRequest 0'; Notice = { while (-not (Wait-ExitRequest 0)) { } 'seen' }; Told = 'seen' }
        )
        $run = Start-Script {
            foreach ($way in $using:notices) {
                $notice = $way.Notice
                Use-ExitHandler {
                    $exit = $_
                    "ready: $($way.By)"
                    . $notice
                    'body ends by itself'
                } -OnExit { "exit: $($_.Signal)" } -GracePeriodSeconds 20
                'caller goes on'
            }
        }
        foreach ($way in $notices) { $run | Wait-Line "ready: $($way.By)" | Send-Signal TERM }
        $run | Assert-Run -Output @($notices | ForEach-Object { "ready: $($_.By)", $_.Told, 'body ends by itself', 'exit: SIGTERM', 'caller goes on' })
    }

    It 'a body that still runs when the grace period is over is stopped then, and not before, in seconds or as a [timespan]' -Tag D1 {
        $run = Start-Script {
            foreach ($grace in 2, [timespan]::FromSeconds(2)) {
                Use-ExitHandler {
                    $context = $_
                    "ready: $($grace.GetType().Name)"
                    try {
                        $null = Wait-ExitRequest
                        "state: $((Get-ExitHandler).State)"
                        Wait-Forever
                        'not reached'
                    }
                    finally {
                        $seconds = ([datetime]::Now - $context.RequestedAt).TotalSeconds
                        Out-Line "not before: $($seconds -ge 1.99), not much later: $($seconds -lt 5)"
                    }
                } -OnExit { "exit: $($_.Reason) $($_.Signal)" } -GracePeriodSeconds $grace
                'caller goes on'
            }
        }
        $kinds = 'Int32', 'TimeSpan'
        foreach ($kind in $kinds) { $run | Wait-Line "ready: $kind" | Send-Signal TERM }
        $run | Assert-Run -Output @(
            foreach ($kind in $kinds) { "ready: $kind", 'state: Draining', 'not before: True, not much later: True', 'exit: Signal SIGTERM', 'caller goes on' }
        )
    }

    It 'further signals do not shorten the grace period' -Tag D1 {
        $run = Start-Script -OpenInput {
            Use-ExitHandler {
                'ready'
                $null = Wait-ExitRequest
                'draining'
                "body goes on: $([System.Console]::In.ReadLine())"
                Start-Sleep -Milliseconds 200 # time in which a stop would be seen
                'body ends by itself'
            } -OnExit { "exit: $($_.Signal)" } -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Wait-Line draining | Send-Signal TERM, HUP -Count 10 | Send-Line 'go on'
        $run | Assert-Run -Output ready, draining, 'body goes on: go on', 'body ends by itself', 'exit: SIGTERM', 'caller goes on'
    }

    It 'the body''s own error, break or exit during the grace period takes effect' -Tag D1 {
        $run = Start-Script {
            foreach ($end in { throw 'broken in the body' }, { break }, { exit 3 }) {
                try {
                    foreach ($turn in 1..2) {
                        Use-ExitHandler {
                            "ready:$end"
                            $null = Wait-ExitRequest
                            . $end
                        } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -GracePeriodSeconds 20
                        'not reached'
                    }
                }
                catch { "caught: $_" }
                "caller goes on: $turn"
            }
        }
        foreach ($end in "throw 'broken in the body'", 'break', 'exit 3') { $run | Wait-Line "ready: $end " | Send-Signal TERM }
        $run | Assert-Run -Status 3 -Output @(
            "ready: throw 'broken in the body' ", 'exit: Error SIGTERM 1', 'caught: broken in the body', 'caller goes on: 1'
            'ready: break ', 'exit: Signal SIGTERM 143', 'caller goes on: 1'
            'ready: exit 3 ', 'exit: Exit SIGTERM 3'
        )
    }

    It 'nested scopes: the inner one drains, then its exit block; the outer one drains, then its own' -Tag D1 {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitHandler {
                    'ready'
                    $null = Wait-ExitRequest
                    'inner body ends by itself'
                } -OnExit { "inner exit: $($_.Signal)" } -GracePeriodSeconds 20 -Append
                "outer body goes on: $(Wait-ExitRequest 0)"
            } -OnExit { "outer exit: $($_.Signal)" } -GracePeriodSeconds 20
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'inner body ends by itself', 'inner exit: SIGTERM', 'outer body goes on: True', 'outer exit: SIGTERM', 'caller goes on'
    }

    It 'PowerShell.Stop() stops the body at once, in Wait-ExitRequest too, even with a grace period' -Tag D1 {
        $run = Start-Script {
            $ready = [System.Threading.ManualResetEventSlim]::new()
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $shell.AddScript({
                param($module, $ready)
                Import-Module $module
                Use-ExitHandler {
                    $ready.Set()
                    Wait-ExitRequest
                    [Console]::Out.WriteLine('not reached')
                } -OnExit { [Console]::Out.WriteLine("exit: $($_.Reason), requested: $($_.IsExitRequested)") } -GracePeriodSeconds 60
            }).AddArgument($env:GRACEFULEXIT_MODULE).AddArgument($ready)
            $null = $shell.BeginInvoke()
            "ready: $($ready.Wait(20000))"
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            "stopped: $($shell.InvocationStateInfo.State), at once: $($watch.Elapsed.TotalSeconds -lt 10)"
        }
        $run | Assert-Run -Output 'ready: True', 'exit: Stopped, requested: True', 'stopped: Stopped, at once: True'
    }

    Context 'the examples' {
        It 'http-server-drain.ps1, asked to end in the middle of an answer, gives this answer and closes' -Tag D1 {
            $run = Start-Script {
                $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                $probe.Start()
                $port = $probe.LocalEndpoint.Port
                $probe.Stop()
                # A client beside the server, which asks until the server is there.
                $client = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $client.AddScript({
                    param($address)
                    $http = [System.Net.Http.HttpClient]::new()
                    while ($null -eq $answer) {
                        try { $answer = $http.GetStringAsync($address).GetAwaiter().GetResult() } catch { Start-Sleep -Milliseconds 20 }
                    }
                    "client got: $($answer.Trim())"
                }).AddArgument("http://127.0.0.1:$port/slow")
                $asking = $client.BeginInvoke()
                & "$using:examples/http-server-drain.ps1" -Port $port
                $client.EndInvoke($asking)
            }
            $run | Wait-Line 'Answering /slow' | Send-Signal TERM
            $run | Assert-Run -OutputMatch @(
                "\AServing http://127\.0\.0\.1:\d+/ as process $($run.Id)\nAnswering /slow\n"
                '\GClosed after 1 answers, because of SIGTERM\nclient got: You asked for /slow\n\z'
            )
        }

        It 'http-server-drain.ps1, asked for /stop, answers and closes' -Tag D1, G5 {
            $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $probe.Start()
            $port = $probe.LocalEndpoint.Port
            $probe.Stop()
            $run = Start-Script -Path $examples/http-server-drain.ps1 -ArgumentList '-Port', $port
            $run | Wait-Line "Serving http://127.0.0.1:$port/ as process $($run.Id)"
            Invoke-RestMethod "http://127.0.0.1:$port/stop" -TimeoutSec 20 | Should -Be "You asked for /stop`n"
            $run | Assert-Run -Output @(
                "Serving http://127.0.0.1:$port/ as process $($run.Id)", 'Answering /stop', 'Closed after 1 answers, because of SIGTERM'
            ) -Within 5
        }

        It 'http-server-drain.ps1, asked to end while there is no request, closes at once' -Tag D1 {
            $probe = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $probe.Start()
            $port = $probe.LocalEndpoint.Port
            $probe.Stop()
            $run = Start-Script -Path $examples/http-server-drain.ps1 -ArgumentList '-Port', $port
            $run | Wait-Line "Serving http://127.0.0.1:$port/ as process $($run.Id)" | Send-Signal TERM
            $run | Assert-Run -Output "Serving http://127.0.0.1:$port/ as process $($run.Id)", 'Closed after 0 answers, because of SIGTERM' -Within 5
        }

        It 'systemd/report.ps1, asked to end, finishes the current section and keeps the report so far' -Tag D1 {
            $run = Start-Script -Path $examples/systemd/report.ps1 -ArgumentList '-Target', 'report.txt'
            $run | Wait-Line 'Writing report.txt' | Send-Signal TERM
            $run | Assert-Run -Output 'Writing report.txt', 'Closed report.txt' -File @{ 'report.txt' = 'section 1', 'cut short by SIGTERM' } -Status 143
        }

        It 'systemd/report.ps1, not asked to end, writes the whole report' -Tag D1 {
            $run = Start-Script -Path $examples/systemd/report.ps1 -ArgumentList '-Target', 'report.txt', '-Sections', '1'
            $run | Assert-Run -Output 'Writing report.txt', 'Closed report.txt' -File @{ 'report.txt' = 'section 1', 'complete' }
        }
    }
}
