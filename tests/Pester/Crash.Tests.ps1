Describe 'An unhandled exception on another thread' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    # A script block needs a runspace, and these threads have none. pwsh writes lines of its own to standard output.
    It 'the exit block runs, then the process crashes as it would have: <Where>' -Tag C5 -ForEach @(
        @{ Where = 'ThreadPool'; Crash = { $null = [System.Threading.ThreadPool]::QueueUserWorkItem({ 'never runs' }) } }
        @{ Where = 'Timer'; Crash = { $timer = [System.Threading.Timer]::new({ 'never runs' }, $null, 0, -1) } }
    ) {
        $run = Start-Script {
            Use-ExitHandler {
                . $using:Crash
                Wait-Forever
            } -OnExit {
                foreach ($to in '', 'log.txt') { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" -To $to }
            }
            Wait-Forever
        }
        $run | Assert-Run -OutputMatch '^exit block: Crash 134$' -ErrorMatch 'Unhandled exception.*There is no Runspace available' -Status ABRT -File @{
            'log.txt' = 'exit block: Crash 134'
        }
    }

    It 'on a thread of its own, nested scopes, the inner body''s thread stuck in a call: both exit blocks run, inner first' -Tag C5 {
        $run = Start-Script {
            Use-ExitHandler {
                Use-ExitHandler {
                    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                    $listener.Start()
                    [System.Threading.Thread]::new([System.Threading.ThreadStart] { 'never runs' }).Start()
                    $null = $listener.AcceptTcpClient()
                } -OnExit { foreach ($to in '', 'log.txt') { Out-Line "inner exit block: $($_.Reason)" -To $to } } -Append
            } -OnExit { foreach ($to in '', 'log.txt') { Out-Line "outer exit block: $($_.Reason)" -To $to } }
        }
        $run | Assert-Run -OutputMatch '^inner exit block: Crash$', '^outer exit block: Crash$' -ErrorMatch 'There is no Runspace available' -Status ABRT -File @{
            'log.txt' = 'inner exit block: Crash', 'outer exit block: Crash'
        }
    }

    # The first handler waits in one that ends later, so that both ends of the process are under way when the second begins.
    It 'while the process is exiting: the handlers run one at a time, each to its end, and then it ends' -Tag C5, F8 {
        $run = Start-Script {
            Register-ExitHandler {
                Out-Line 'second runs'
                [Console]::Error.WriteLine('second runs')
                Start-Sleep -Milliseconds 700
                Out-Line 'second ends' -To log.txt
            }
            Register-ExitHandler {
                [System.Threading.Thread]::new([System.Threading.ThreadStart] { 'never runs' }).Start()
                Start-Sleep -Milliseconds 700
                Out-Line 'first ends' -To log.txt
            }
            [Environment]::Exit(0)
        }
        # Which of the two ends the process is chance, and with it the status and what else standard error says.
        $run | Assert-Run -OutputMatch '^second runs$' -ErrorMatch '^second runs$' -Status 0, ABRT -File @{ 'log.txt' = 'first ends', 'second ends' }
    }
}
