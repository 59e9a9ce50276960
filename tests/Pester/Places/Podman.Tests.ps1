# podman, each test with a container of its own.
Describe 'In a container of podman' -Tag Contract, H4 {
    . $PSScriptRoot/../Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/../Harness/guard.ps1"

        function Get-Shell([string[]] $Option) {
            @('sh', "$PSScriptRoot/start/podman.sh") + $Option + '--' + (Get-ShellPath)
        }

        # Whether a container can be run here, with these options. What can't be had here is no defect of the module.
        function Skip-UnlessRunning([string[]] $Option) {
            Skip-Unless -Linux -Root -Program podman, nsenter
            $script:tried ??= @{}
            if (-not $tried["$Option"]) {
                $try = Start-Program sh (@("$PSScriptRoot/start/podman.sh") + $Option + '--', 'sh', '-c', 'echo yes') | Wait-Exit
                $tried["$Option"] = "$(@($try.Output) + $try.ErrorOutput)".Trim()
                $try | Assert-Run -OutputMatch @() -ErrorMatch @(if ($try.ErrorOutput) { '.' }) -Status (0..255)
            }
            if ($tried["$Option"] -ne 'yes') { Set-ItResult -Skipped -Because "it needs a podman that runs containers ($($tried["$Option"]))" }
        }

        function Invoke-Podman($Run, [string[]] $Argument) {
            $text = nsenter --target $Run.Id --mount timeout 25 "$($Run.Directory)/podman" @Argument 2>&1
            if ($LASTEXITCODE -ne 0) { throw "podman $Argument ended with $LASTEXITCODE`: $text" }
        }

        $script = {
            Use-ExitHandler -AfterSignal Exit { Out-Line "ready: process $PID"; Wait-Forever } -OnExit {
                "exit block: $($_.Signal)"
                Start-Sleep -Milliseconds 300
                'exit block ends'
            }
        }
    }

    It 'podman stop, <Who>: the exit block runs to its end, status 143' -Tag A2, C13 -ForEach @(
        @{ Who = 'process 1'; Option = @(); Is = '1' }
        @{ Who = '--init'; Option = , '--init'; Is = '[^1]\d*' }
    ) {
        Skip-UnlessRunning $Option
        $run = Start-Script -Shell (Get-Shell $Option) $script
        $null = $run | Wait-Text -Match '^ready: process \d+$'
        Invoke-Podman $run stop, '--time', 20, test
        $run | Assert-Run -OutputMatch "\Aready: process $Is\nexit block: SIGTERM\nexit block ends\n\z" -Status 143
    }

    It 'SIGINT to podman run, which hands it on: the exit block runs to its end, status 130' -Tag A2, C13 {
        Skip-UnlessRunning
        $run = Start-Script -Shell (Get-Shell) $script
        $run | Wait-Line 'ready: process 1' | Send-Signal INT
        $run | Assert-Run -Output 'ready: process 1', 'exit block: SIGINT', 'exit block ends' -Status 130
    }

    # With process 1 the kernel ends all that is in the container.
    It 'podman kill, <Who>: a guard cannot run the exit block, as docs/places.md says' -Tag E1 -ForEach @(
        @{ Who = 'process 1'; Option = @(); Warning = 'WARNING: .+\n' }
        @{ Who = '--init'; Option = , '--init'; Warning = '' }
    ) {
        Skip-UnlessRunning $Option
        $run = Start-Script -Shell (Get-Shell $Option) {
            . $using:guard
            Use-ExitHandler -Guard { Wait-Guard; Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'exit block' -To log.txt }
        }
        $run | Wait-Line ready
        Invoke-Podman $run kill, '--signal', KILL, test
        $run | Assert-Run -OutputMatch "\A${Warning}ready\n\z" -File @{ 'log.txt' = @() } -Status 137
    }
}
