Describe 'A server that is blocked in a call' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $examples = "$PSScriptRoot/../../examples"
    }

    # "In time": -StopTimeoutSeconds plus half a second, and as much again for a busy machine.
    It 'TcpListener.AcceptTcpClient() ends in time, its exit block closes the listener, the caller goes on' -Tag A11, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $listener.Start()
            Use-ExitHandler {
                Show-LineWhen Blocked
                $null = $listener.AcceptTcpClient()
                'not reached'
            } -OnExit {
                $listener.Stop()
                "exit: $($_.Reason) $($_.Signal)"
            } -StopTimeoutSeconds 1 -ExitVariable context
            "in time: $(([datetime]::Now - $context.RequestedAt).TotalSeconds -lt 3)"
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit: Signal SIGTERM', 'in time: True', 'caller goes on'
    }

    It 'TcpListener.AcceptTcpClient() with a client connected: the exit block closes the connection too' -Tag A11, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script {
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $listener.Start()
            $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $listener.LocalEndpoint.Port)
            Use-ExitHandler {
                $accepted = $listener.AcceptTcpClient()
                'a client is connected'
                Show-LineWhen Blocked
                $null = $listener.AcceptTcpClient()
                'not reached'
            } -OnExit {
                $listener.Stop()
                $accepted.Close()
                "exit: $($_.Reason) $($_.Signal)"
            } -StopTimeoutSeconds 1 -ExitVariable context
            "in time: $(([datetime]::Now - $context.RequestedAt).TotalSeconds -lt 3)"
            "the client sees the end: $($client.GetStream().ReadByte())"
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'a client is connected', ready, 'exit: Signal SIGTERM', 'in time: True', 'the client sees the end: -1', 'caller goes on'
    }

    It 'HttpListener.GetContext() with a request unanswered ends in time, its exit block answers it and closes the listener, the caller goes on' -Tag A11 {
        Skip-Unless -Linux
        $run = Start-Script {
            do {
                $port = Get-Random -Minimum 20000 -Maximum 60000
                $listener = [System.Net.HttpListener]::new()
                $listener.Prefixes.Add("http://127.0.0.1:$port/")
                try { $listener.Start() } catch { $listener.Close() } # somebody's port
            } until ($listener.IsListening)
            $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
            $client.GetStream().Write([System.Text.Encoding]::ASCII.GetBytes("GET / HTTP/1.1`r`nHost: 127.0.0.1:$port`r`nConnection: close`r`n`r`n"))
            Use-ExitHandler {
                $request = $listener.GetContext()
                "asked for: $($request.Request.RawUrl)"
                Show-LineWhen Blocked
                $null = $listener.GetContext()
                'not reached'
            } -OnExit {
                $request.Response.Close()
                $listener.Stop()
                "exit: $($_.Reason) $($_.Signal)"
            } -StopTimeoutSeconds 1 -ExitVariable context
            "in time: $(([datetime]::Now - $context.RequestedAt).TotalSeconds -lt 3)"
            [System.IO.StreamReader]::new($client.GetStream()).ReadLine()
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output 'asked for: /', ready, 'exit: Signal SIGTERM', 'in time: True', 'HTTP/1.1 200 OK', 'caller goes on'
    }

    It 'the example http-server.ps1 answers a request, is ended by Ctrl+C''s signal and has closed its port' -Tag A11 {
        $run = Start-Script -Path $examples/http-server.ps1
        $run | Wait-Text -Match 'Serving (http://\S+) as process' | Wait-Line 'Stop with Ctrl+C or kill'
        $address = [uri] $run.Found[1]
        [System.Net.Http.HttpClient]::new().GetStringAsync("${address}hello").GetAwaiter().GetResult() | Should -Be "You asked for /hello`n"
        $run | Wait-Line 'Answered GET /hello' | Send-Signal INT
        $run | Assert-Run -OutputMatch @(
            "\AServing ${address} as process $($run.Id)\nStop with Ctrl\+C or kill\nAnswered GET /hello\n"
            "\GClosed the listener after 1 answer\(s\), because of SIGINT\n\z"
        )
        { [System.Net.Sockets.TcpClient]::new('127.0.0.1', $address.Port) } | Should -Throw
    }
}
