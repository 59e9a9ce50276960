Describe 'The terminal is closed' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'a script: SIGHUP; the exit block runs to its end although nothing can be written; the caller goes on' -Tag C15 {
        $run = Start-Script -Terminal {
            Use-ExitHandler {
                Out-Line 'ready'
                Wait-Forever
            } -OnExit {
                Out-Line "exit block begins: $($_.Reason) $($_.Signal)" -To log.txt
                'nobody reads this'
                Write-Warning 'nor this'
                Write-Host 'nor this'
                Out-Line 'exit block ends' -To log.txt
            }
            Out-Line 'caller goes on' -To log.txt
        }
        $run | Wait-Line ready | Close-Terminal
        $run | Assert-Run -OutputMatch '^ready$' -File @{ 'log.txt' = 'exit block begins: Signal SIGHUP', 'exit block ends', 'caller goes on' }
    }

    Context 'a scope begun at the prompt: the exit block runs, and the shell, which has nothing left to do, ends with 129' {
        It 'the body is <Where>, -AfterSignal <After>: status <Status>' -Tag C15 -ForEach @(
            @{ Where = 'asleep'; After = 'Stop'; Status = 129; Body = "'rea' + 'dy'; Wait-Forever" }
            @{ Where = 'computing'; After = 'Exit'; Status = 129; Body = "'rea' + 'dy'; while (`$true) { }" }
            @{ Where = 'blocked in .NET'; After = 'Continue'; Status = 129; Body = "Show-LineWhen Blocked ('rea' + 'dy'); [Threading.Thread]::Sleep(-1)" }
            @{ Where = 'in Read-Host'; After = 'Continue'; Status = 129; Body = "Show-LineWhen Blocked ('rea' + 'dy'); Read-Host question" }
            @{ Where = 'in a native command'; After = 'Raise'; Status = 'SIGHUP'; Body = "/bin/sh -c 'echo rea''''dy; exec sleep 100'" }
        ) {
            Skip-Unless -Linux
            $run = Start-Prompt
            $run | Send-Line "Use-ExitHandler { $Body } -OnExit { Out-Line `"exit block: `$(`$_.Reason) `$(`$_.Signal) `$(`$_.ExitCode)`" -To log.txt; Start-Sleep -Milliseconds 500; Out-Line 'exit block ends' -To log.txt } -AfterSignal $After"
            $run | Wait-Text -Match 'ready$' | Close-Terminal
            $run | Assert-Run -OutputMatch 'ready' -File @{ 'log.txt' = 'exit block: Signal SIGHUP 129', 'exit block ends' } -Status $Status -Within 15
        }

        It 'nested scopes: both exit blocks' -Tag C15 {
            Skip-Unless -Linux
            $run = Start-Prompt
            $run | Send-Line "Use-ExitHandler { Use-ExitHandler { 'rea' + 'dy'; Wait-Forever } -OnExit { Out-Line inner -To log.txt } -Append } -OnExit { Out-Line outer -To log.txt }"
            $run | Wait-Line ready | Close-Terminal
            $run | Assert-Run -OutputMatch 'ready' -File @{ 'log.txt' = 'inner', 'outer' } -Status 129 -Within 15
        }
    }

    It 'as with "ssh -tt": the shell is a child of the terminal''s first process, and gets the signal when that process is gone' -Tag C15 {
        Skip-Unless -Linux
        # The middle one lives on to report the status; what it runs has its signals as usual.
        $script = 'sh -c ''trap : HUP; "$@"; echo "status: $?" >> log.txt'' - "$@"; :'
        $run = Start-Program sh '-c', $script, '-', (Get-ShellPath), '-NoLogo', '-NoProfile' -Terminal -LeftoverLimit 15
        $run | Wait-Text '> ' | Send-Line ". '$PSScriptRoot/Harness/prelude.ps1'; 'imp' + 'orted'" | Wait-Line imported | Wait-Text '> '
        $run | Send-Line "Use-ExitHandler { 'rea' + 'dy'; Wait-Forever } -OnExit { Out-Line `"exit block: `$(`$_.Signal)`" -To log.txt }"
        $run | Wait-Line ready | Close-Terminal
        $run | Assert-Run -OutputMatch 'ready' -File @{ 'log.txt' = 'exit block: SIGHUP', 'status: 129' } -Status SIGHUP
    }
}
