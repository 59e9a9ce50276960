# Programs that keep a service running, each with a configuration of its own in the run's directory.
BeforeDiscovery {
    $supervisors = @(
        @{ Name = 'runit'; Script = 'runsv'; Programs = 'runsv', 'sv' }
        @{ Name = 's6'; Script = 's6'; Programs = 's6-supervise', 's6-svc' }
        @{ Name = 'supervisord'; Script = 'supervisord'; Programs = 'supervisord', 'supervisorctl' }
    )
}

Describe 'Under a supervisor: <Name>' -Tag Contract, H4 -ForEach $supervisors {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"
        $supervised = 'sh', "$PSScriptRoot/start/$Script.sh", (Get-ShellPath)

        # What a person types to reach the service.
        $command = switch ($Name) {
            'runit' { @{ Stop = 'sv', '-w', '20', 'down', './service'; Once = 'sv', 'once', './service'; Kill = 'sv', 'kill', './service' } }
            's6' { @{ Stop = 's6-svc', '-wd', '-T', '20000', '-d', './service'; Once = 's6-svc', '-o', './service'; Kill = 's6-svc', '-k', './service' } }
            'supervisord' {
                $control = 'supervisorctl', '-c', './supervisord.conf'
                @{ Stop = $control + 'stop', 'worker'; Kill = $control + 'signal', 'KILL', 'worker' }
            }
        }

        function Invoke-Control($Run, [string] $What) {
            $program, $arguments = $command[$What]
            if (-not $program) { return }
            Push-Location -LiteralPath $Run.Directory
            # Not "sv", which is an alias of Set-Variable.
            try { $text = & (Get-Command $program -CommandType Application)[0] $arguments 2>&1 }
            finally { Pop-Location }
            if ($LASTEXITCODE -ne 0) { throw "$program $arguments ended with $LASTEXITCODE`: $text" }
        }
    }

    It 'its stop: the exit block runs to its end, and the service does not come back' -Tag A2 {
        Skip-Unless -Linux -Program $Programs
        $run = Start-Script -Shell $supervised {
            Use-ExitHandler -AfterSignal Exit { 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)"; Start-Sleep -Milliseconds 200; 'exit block ends' }
        }
        $null = $run | Wait-Line ready
        Invoke-Control $run Stop
        $run | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'exit block ends'
    }

    It 'SIGTERM to the service: it is started again; to the supervisor: the exit block runs to its end before the supervisor ends' -Tag A2 {
        Skip-Unless -Linux -Program $Programs
        $run = Start-Script -Shell $supervised {
            Use-ExitHandler -AfterSignal Exit { "ready: $PID"; Wait-Forever } -OnExit { "exit block: $($_.Signal)"; Start-Sleep -Milliseconds 200; 'exit block ends' }
        }
        $null = $run | Wait-Text -Match '^ready: (\d+)$'
        $run | Send-Signal TERM -Id $run.Found[1] | Wait-Line 'exit block ends' | Wait-Text -Match '^ready: \d+$' | Send-Signal TERM
        $once = 'ready: \d+\nexit block: SIGTERM\nexit block ends\n'
        $run | Assert-Run -OutputMatch "\A$once$once\z"
    }

    It 'SIGKILL to the service: the guard runs the exit block' -Tag E1 {
        Skip-Unless -Linux -Program $Programs
        $run = Start-Script -Shell $supervised {
            . $using:guard
            if (Test-Path begun.txt) { return 'begun again' }
            'yes' > begun.txt
            Use-ExitHandler -Guard { Wait-Guard; 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" -To log.txt; Out-Line 'exit block ends' }
        }
        $null = $run | Wait-Line ready
        Invoke-Control $run Once
        Invoke-Control $run Kill
        # What a guard writes after its owner's death the supervisor may have stopped reading: supervisord has.
        $run | Wait-FileLine log.txt 'exit block: Killed' | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\Aready\n' -File @{ 'log.txt' = 'exit block: Killed' }
    }
}
