# The layouts of PowerShell as a .NET tool. All other tests run in the installed layout.
#   dotnet pwsh.dll   one process, whose executable is dotnet
#   launcher          what "dotnet tool install" puts on the PATH: a process of its own that starts the former and waits
BeforeDiscovery {
    $layouts = 'dotnet pwsh.dll', 'launcher'
}

Describe 'In the layout of the .NET tool: <_>' -Tag Contract, H1 -ForEach $layouts {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $tool = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/tool")
        $library = (Get-ChildItem "$tool/.store/powershell/*/powershell/*/tools/net10.0/any/unix/pwsh.dll").FullName
        $shell = $_ -eq 'launcher' ? @("$tool/pwsh") : @('dotnet', $library)
    }

    It 'the module is imported, in the process of dotnet; each signal to the shell ends a body and runs its exit block once; the caller goes on' -Tag A2 {
        $run = Start-Script -Shell $shell {
            [IO.Path]::GetFileName([Environment]::ProcessPath)
            (Get-Module GracefulExit).Name
            "process: $PID"
            foreach ($turn in 1..3) { Use-ExitHandler { "ready $turn"; Wait-Forever } -OnExit { "exit: $($_.Signal)" } }
            Use-ExitHandler { 'body' } -OnExit { "exit: $($_.Reason)" }
            'caller goes on'
        }
        $run = $run | Wait-Text -Match '^process: (\d+)$'
        $id = $run.Found[1]
        foreach ($turn in 1..3) { $run | Wait-Line "ready $turn" | Send-Signal ('TERM', 'INT', 'HUP')[$turn - 1] -Id $id }
        $run | Assert-Run -Output @(
            'dotnet', 'GracefulExit', "process: $id"
            'ready 1', 'exit: SIGTERM', 'ready 2', 'exit: SIGINT', 'ready 3', 'exit: SIGHUP'
            'body', 'exit: Completed', 'caller goes on'
        )
    }

    It '-Guard runs the exit block after SIGKILL' -Tag E1 {
        $run = Start-Script -Shell $shell {
            Use-ExitHandler { "ready: $PID"; Wait-Forever } -OnExit { Out-Line "exit: $($_.Reason)" } -Guard
        }
        $run = $run | Wait-Text -Match '^ready: (\d+)$'
        $run | Send-Signal KILL -Id $run.Found[1]
        # The launcher outlives the shell, and returns a status of its own.
        $run | Assert-Run -OutputMatch '\Aready: \d+\nexit: Killed\n\z' -Status SIGKILL, 137
    }

    It 'as process 1 of a namespace' -Tag C13 {
        Skip-Unless -Unshare
        "
            . '$PSScriptRoot/Harness/prelude.ps1'
            Use-ExitHandler { `"process `$PID`"; Send-Signal TERM; Wait-Forever } -OnExit { `"exit: `$(`$_.Signal)`" }
            'caller goes on'
        " | Set-Content "$TestDrive/script.ps1"
        $run = Start-Program unshare (@('--user', '--map-root-user', '--pid', '--fork') + $shell + @('-NoProfile', '-File', "$TestDrive/script.ps1"))
        # With the launcher it is not the shell that is process 1.
        $run | Assert-Run -OutputMatch "\Aprocess $($shell.Count -eq 2 ? '1' : '\d+')\nexit: SIGTERM\ncaller goes on\n\z"
    }
}

Describe 'The launcher of the .NET tool' -Tag Contract, H1 {
    . $PSScriptRoot/Harness/Use.ps1

    # That is the launcher's way, and docs say what to do: start "dotnet pwsh.dll".
    It 'forwards no signal: SIGTERM ends only the launcher, and the shell goes on' {
        $run = Start-Script -Shell "$PSScriptRoot/../../out/tool/pwsh" {
            Use-ExitHandler { "ready: $PID"; Wait-Forever } -OnExit { "exit: $($_.Signal)" }
        }
        $run = $run | Wait-Text -Match '^ready: (\d+)$'
        $shell = $run.Found[1]
        $run | Send-Signal TERM | Wait-Exit
        Get-Process -Id $shell -ErrorAction Stop
        $run | Send-Signal TERM -Id $shell
        $run | Assert-Run -OutputMatch '\Aready: \d+\nexit: SIGTERM\n\z' -Status SIGTERM
    }

    It 'is mentioned by -Verbose' -Tag D5 {
        Skip-Unless -Linux
        $run = Start-Script -Shell "$PSScriptRoot/../../out/tool/pwsh" {
            Use-ExitHandler { } -Verbose 4>&1 | Select-String 'launcher'
        }
        $run | Assert-Run -OutputMatch 'launcher, which hands on no signal'
    }
}
