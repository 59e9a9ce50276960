# systemd itself, booted in namespaces of its own for each test, with one service.
Describe 'A service of systemd' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $examples = [IO.Path]::GetFullPath("$PSScriptRoot/../../../examples/systemd")

        function Skip-UnlessBooting {
            Skip-Unless -Linux -Root -Program systemctl, nsenter
            if (-not $script:tried) {
                $try = Start-Program sh "$PSScriptRoot/start/systemd.sh", '--try' | Wait-Exit
                $script:tried = $try.Output -join '; '
                $try | Assert-Run -OutputMatch '.' -Status 0, 1, 32
            }
            if ($tried -ne 'yes') { Set-ItResult -Skipped -Because "it needs a systemd that can be booted in namespaces ($tried)" }
        }

        # A service with these lines in its unit.
        function Get-Shell([string[]] $Line) {
            'sh', "$PSScriptRoot/start/systemd.sh", ($Line -join "`n"), (Get-ShellPath)
        }

        # The number that systemd has outside: it is a child of unshare's.
        function Get-Init($Run) {
            $id = $Run.Id
            foreach ($level in 1, 2) { $id = [int] [IO.File]::ReadAllText("/proc/$id/task/$id/children") }
            $id
        }

        function Invoke-Systemctl($Run, [string[]] $Argument) {
            $text = nsenter --target (Get-Init $Run) --mount --pid --cgroup timeout 25 systemctl @Argument 2>&1
            if ($LASTEXITCODE -ne 0) { throw "systemctl $Argument ended with $LASTEXITCODE`: $text" }
            $text
        }

        # How it has ended, once it has.
        function Get-Result($Run, [string] $Unit = 'work.service') {
            $state = @{}
            Invoke-Systemctl $Run show, '--property=ActiveState,Result,ExecMainStatus', $Unit | ForEach-Object { $state[($_ -split '=')[0]] = ($_ -split '=')[1] }
            "$($state.ActiveState), $($state.Result), $($state.ExecMainStatus)"
        }

        # Ends systemd. Nothing of what it has started may be left.
        function Stop-Systemd($Run, [string[]] $Output) {
            $Run | Send-Signal TERM
            $Run | Assert-Run -Output @() -File @{ output = $Output }
        }
    }

    Context 'the main process is killed, with a guard' {
        BeforeAll {
            $script = {
                . $using:guard
                Use-ExitHandler -Guard { Wait-Guard; Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line "exit block: $($_.Reason)"
                    Start-Sleep -Milliseconds 200
                    Out-Line 'exit block ends'
                }
            }
        }

        It 'KillMode=<_>: the guard runs the exit block to its end' -Tag E1 -ForEach 'control-group', 'process', 'none' {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell "KillMode=$_") $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run kill, '--signal=KILL', '--kill-whom=main', work.service
            $null = $run | Wait-FileLine output 'exit block ends'
            # It waits until nothing of the service is left, where the kill mode is that all of it is to end.
            Invoke-Systemctl $run stop, work.service
            Get-Result $run | Should -Be 'failed, signal, 9'
            Stop-Systemd $run ready, 'exit block: Killed', 'exit block ends'
        }

        It 'KillMode=mixed: the guard is killed at once, as docs/places.md says' -Tag E1 {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell 'KillMode=mixed', 'TimeoutStopSec=60') $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run kill, '--signal=KILL', '--kill-whom=main', work.service
            Invoke-Systemctl $run stop, work.service
            Get-Result $run | Should -Be 'failed, signal, 9'
            Stop-Systemd $run ready
        }
    }

    Context 'the body outlasts TimeoutStopSec, with a guard' {
        BeforeAll {
            $script = {
                . $using:guard
                Use-ExitHandler -Guard -GracePeriodSeconds 60 {
                    Wait-Guard
                    Out-Line 'ready'
                    while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 }
                } -OnExit { Out-Line "exit block: $($_.Reason)" }
            }
        }

        It 'KillMode=process: only the main process is killed, and the guard runs the exit block' -Tag D1, E1 {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell 'KillMode=process', 'TimeoutStopSec=300ms') $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run stop, work.service
            $null = $run | Wait-FileLine output 'exit block: Killed'
            Get-Result $run | Should -Be 'failed, timeout, 9'
            Stop-Systemd $run ready, 'exit block: Killed'
        }

        It 'KillMode=<_>: the guard is killed too, as docs/places.md says' -Tag D1, E1 -ForEach 'control-group', 'mixed' {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell "KillMode=$_", 'TimeoutStopSec=300ms') $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run stop, work.service
            Get-Result $run | Should -Be 'failed, timeout, 9'
            Stop-Systemd $run ready
        }

        It 'KillMode=none: nobody is told, and the script goes on, as docs/places.md says' -Tag A1 {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell 'KillMode=none', 'TimeoutStopSec=300ms') $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run stop, work.service
            $null = New-Item -Path "$($run.Directory)/go"
            $null = $run | Wait-FileLine output 'exit block: Completed'
            Stop-Systemd $run ready, 'exit block: Completed'
        }
    }

    Context 'Restart=on-failure, with a guard whose exit block takes its time' {
        BeforeAll {
            $script = {
                . $using:guard
                if (Test-Path begun) { Out-Line 'begun again'; return }
                $null = New-Item begun
                Use-ExitHandler -Guard { Wait-Guard; Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line 'exit block'
                    for ($turn = 0; $turn -lt $using:turns -and -not (Select-String 'begun again' output -Quiet); $turn++) { Start-Sleep -Milliseconds 20 }
                    Out-Line 'exit block ends'
                }
            }
        }

        It 'KillMode=<Mode>: the new instance begins <When>' -Tag E1 -ForEach @(
            @{ Mode = 'control-group'; When = 'when the guard has ended'; Turns = 50; Order = 'exit block ends', 'begun again' }
            @{ Mode = 'process'; When = 'at once, as docs/places.md says'; Turns = 1000; Order = 'begun again', 'exit block ends' }
            @{ Mode = 'none'; When = 'at once, as docs/places.md says'; Turns = 1000; Order = 'begun again', 'exit block ends' }
        ) {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell "KillMode=$Mode", 'Restart=on-failure', 'RestartSec=0') $script
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run kill, '--signal=KILL', '--kill-whom=main', work.service
            $null = $run | Wait-FileLine output $Order[1]
            Stop-Systemd $run (@('ready', 'exit block') + $Order)
        }
    }

    Context 'Type=notify' {
        It 'systemctl stop: the body''s grace period is longer than TimeoutStopSec, and systemd waits (EXTEND_TIMEOUT_USEC)' -Tag D6 {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell 'Type=notify', 'NotifyAccess=all', 'TimeoutStopSec=1', 'SuccessExitStatus=143') {
                Use-ExitHandler -AfterSignal Exit -GracePeriodSeconds 20 {
                    systemd-notify --ready
                    Out-Line 'ready'
                    $null = Wait-ExitRequest
                    Start-Sleep -Milliseconds 1500
                    'body ends'
                } -OnExit { "exit block: $($_.Signal)" }
            }
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run stop, work.service
            Get-Result $run | Should -Be 'inactive, success, 143'
            Stop-Systemd $run ready, 'body ends', 'exit block: SIGTERM'
        }

        It 'a signal that does not come from systemd: it knows that the service is stopping (STOPPING=1)' -Tag D6 {
            Skip-UnlessBooting
            $run = Start-Script -Shell (Get-Shell 'Type=notify', 'NotifyAccess=all', 'SuccessExitStatus=129') {
                Use-ExitHandler -AfterSignal Exit { systemd-notify --ready; Out-Line 'ready'; Wait-Forever } -OnExit {
                    Out-Line "exit block: $($_.Signal)"
                    while (-not (Test-Path go)) { Start-Sleep -Milliseconds 20 }
                }
            }
            $null = $run | Wait-FileLine output ready
            Invoke-Systemctl $run kill, '--signal=HUP', work.service
            $null = $run | Wait-FileLine output 'exit block: SIGHUP'
            Get-Result $run | Should -Be 'deactivating, success, 0'
            $null = New-Item -Path "$($run.Directory)/go"
            Invoke-Systemctl $run stop, work.service
            Get-Result $run | Should -Be 'inactive, success, 129'
            Stop-Systemd $run ready, 'exit block: SIGHUP'
        }
    }

    Context 'the example report.service' {
        It 'systemctl stop: the report is closed, and the service has not failed' -Tag A2, C14 {
            Skip-UnlessBooting
            $run = Start-Script -Path "$examples/report.ps1" -Shell 'sh', "$PSScriptRoot/start/systemd.sh", "$examples/report.service", (Get-ShellPath)
            $null = $run | Wait-FileLine output 'Writing /var/lib/report/report.txt'
            Invoke-Systemctl $run stop, report.service
            Get-Result $run report.service | Should -Be 'inactive, success, 143'
            Get-Content "/proc/$(Get-Init $run)/root/var/lib/report/report.txt" | Select-Object -Last 1 | Should -Be 'cut short by SIGTERM'

            Invoke-Systemctl $run start, report.timer
            Invoke-Systemctl $run show, '--property=Unit,ActiveState', report.timer | Should -Be 'Unit=report.service', 'ActiveState=active'
            Stop-Systemd $run 'Writing /var/lib/report/report.txt', 'Closed /var/lib/report/report.txt'
        }
    }
}
