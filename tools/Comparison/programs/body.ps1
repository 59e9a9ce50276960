# Dot-sourced by the other scripts: what each situation does, the same for all of them.
function Write-Ready { [Console]::Out.WriteLine('ready') }

# On the console itself: what becomes of a pipeline's output is not what is asked here.
function Complete-Work {
    [Console]::Out.WriteLine('clean-up')
    Start-Sleep -Milliseconds 300
    [Console]::Out.WriteLine('cleaned up')
}

function Invoke-Work([string] $Situation) {
    switch ($Situation) {
        'end' { }
        'error' { throw 'an error' }
        'exit' { exit 4 }
        'sleep' {
            Write-Ready
            while ($true) { Start-Sleep -Seconds 1 }
        }
        'blocked' {
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $listener.Start()
            Write-Ready
            $null = $listener.AcceptTcpClient()
        }
        'crash' { [Environment]::FailFast('a crash') }
        'thread' {
            $null = [powershell]::Create().AddScript('[Environment]::Exit(3)').BeginInvoke()
            while ($true) { Start-Sleep -Seconds 1 }
        }
    }
}

function Write-GoesOn { [Console]::Out.WriteLine('caller goes on') }
