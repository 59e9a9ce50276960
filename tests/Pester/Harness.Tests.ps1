# The harness itself: what it starts, what it does, and above all that it fails when something is wrong.
Describe 'The harness' -Tag Harness {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # The message of an error that must come.
        function Get-Failure([scriptblock] $Action) {
            try { $null = & $Action } catch { return $_ }
            throw 'That should have failed.'
        }

        function Start-Sh([string] $Script, [hashtable] $Option = @{}) { Start-Program sh '-c', $Script @Option }
    }

    Context 'a plain shell' {
        It 'is killed by SIGTERM; its finally block does not run' -Tag plain {
            $run = Start-Script -NoModule { try { 'ready'; Wait-Forever } finally { Out-Line 'finally' } }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Output ready -Status SIGTERM
        }

        It 'reports an uncaught error on standard error, status 1' -Tag plain {
            Start-Script -NoModule { 'before'; throw 'thrown by the script' } | Assert-Run -Output before -ErrorMatch 'thrown by the script' -Status 1
        }

        It 'sends itself a signal, in strict mode too; writes to a file' -Tag plain {
            $run = Start-Script -NoModule {
                Set-StrictMode -Version Latest
                $ErrorActionPreference = 'Stop'
                Out-Line 'before' -To log.txt
                Send-Signal SIGTERM
                Wait-Forever
            }
            $run | Assert-Run -Output @() -File @{ 'log.txt' = 'before' } -Status SIGTERM
        }

        It 'has a terminal of 120 columns, reads what is typed, and asks by Read-Host' -Tag plain {
            $run = Start-Script -NoModule -Terminal {
                if (-not ([Console]::IsInputRedirected -or [Console]::IsOutputRedirected -or [Console]::IsErrorRedirected)) {
                    "ready: terminal of $([Console]::WindowWidth)"
                }
                "got $([Console]::In.ReadLine())"
                $answer = Read-Host question
                "got the answer $answer"
            }
            $run | Wait-Text ready | Send-Line 'some text' | Wait-Text 'question: ' | Send-Line 'more text'
            $run | Assert-Run -OutputMatch '^ready: terminal of 120$', '^got some text$', '^got the answer more text$'
        }

        It 'runs what is typed at its prompt, and exits with the status of exit 4' -Tag plain {
            $run = Start-Prompt -NoModule | Send-Line "'rea' + 'dy'" | Wait-Text ready | Send-Line 'exit 4'
            $run | Assert-Run -OutputMatch '^ready$' -Status 4
        }

        It 'has the prelude and the module at its prompt' {
            $run = Start-Prompt | Send-Line "Out-Line ('rea' + 'dy'); (Get-Module GracefulExit).Name" | Wait-Line ready | Wait-Line GracefulExit | Send-Line 'exit'
            $run | Assert-Run -OutputMatch '^GracefulExit$'
        }

        It 'is complete: jobs, thread jobs, line editing' {
            $run = Start-Script -NoModule {
                "job: $(Start-Job { 6 * 7 } | Receive-Job -Wait -AutoRemoveJob)"
                "thread job: $(Start-ThreadJob { 6 * 7 } | Receive-Job -Wait -AutoRemoveJob)"
                "editing: $([bool] (Get-Module PSReadLine -ListAvailable))"
                "home: $([IO.Path]::GetDirectoryName([Environment]::ProcessPath) -eq $PSHOME)"
                "version: $($PSVersionTable.PSVersion -ge [version] '7.6')"
            }
            $run | Assert-Run -Output 'job: 42', 'thread job: 42', 'editing: True', 'home: True', 'version: True'
        }

        # 267 are .NET's own and what PowerShell makes as it runs. One assembly less, and some 60 are left out, and nothing says so. A cache of
        # its own: there .NET keeps the names of methods to compile beforehand, needed or not.
        It 'starts with its code compiled ahead of time: fewer than 320 methods are left to compile' -Skip:([bool] $env:GRACEFULEXIT_PWSH) {
            $run = Start-Script -NoModule -Environment @{ XDG_CACHE_HOME = "$TestDrive/cache" } {
                $count = [System.Runtime.JitInfo]::GetCompiledMethodCount()
                $count -lt 320 ? 'few' : $count
            }
            $run | Assert-Run -Output 'few'
        }
    }

    Context 'scripts' {
        It 'puts values in place of $using:' {
            $text = "it's"
            $list = 1, 'two', $true
            $made = [scriptblock]::Create("'a block of a text'")
            $table = @{ Key = 1.5 }
            $block = { 'in the block' }
            $run = Start-Script -NoModule {
                "$using:text, $($using:list.Count), $($using:list[2]), $(($using:table).Key)"
                & $using:block
                & $using:made
                "a null: $($null -eq $using:null)"
            }
            $run | Assert-Run -Output "it's, 3, True, 1.5", 'in the block', 'a block of a text', 'a null: True'
        }

        It 'names a missing variable' {
            (Get-Failure { Start-Script { $using:nothing } }).Exception.Message | Should -BeLike '*$using:nothing*'
        }

        It 'passes arguments to a param block, <_>' -ForEach '-File', '-Command' {
            $run = Start-Script -NoModule -AsCommand:($_ -eq '-Command') -ArgumentList "it's", 'b c' {
                param($First, $Second)
                "$First, $Second"
            }
            $run | Assert-Run -Output "it's, b c"
        }

        It 'runs a file unchanged, which can import the module under test by its name' {
            $file = "$TestDrive/script.ps1"
            'Import-Module GracefulExit; (Get-Module GracefulExit).Name; "$args"; Get-Command Out-Line -ErrorAction Ignore' | Set-Content $file
            $run = Start-Script -Path $file -ArgumentList a, b
            $run | Assert-Run -Output 'GracefulExit', 'a b'
        }
    }

    Context 'children' {
        It 'have default dispositions: SIG<_> kills' -ForEach PIPE, HUP, INT, QUIT, TERM {
            Start-Sh "kill -$_ `$`$; echo survived" | Assert-Run -Output @() -Status $_
        }

        It 'inherit the requested signals as ignored, and no others' {
            $run = Start-Sh 'kill -HUP $$; kill -INT $$; echo survived; kill -TERM $$' @{ Ignored = 'HUP', 'SIGINT' }
            $run | Assert-Run -Output survived -Status TERM
        }

        It 'have no signal blocked' {
            Skip-Unless -Linux
            Start-Sh 'grep SigBlk /proc/self/status' | Assert-Run -Output "SigBlk:`t0000000000000000"
        }

        It 'get no descriptors of other children' {
            Skip-Unless -Linux
            # What started the tests may have left more open than the first three, and ls opens the directory.
            $inherited = foreach ($file in Get-ChildItem /proc/self/fdinfo) {
                $flags = (Get-Content $file -ErrorAction Ignore) -match '^flags:' -replace '^flags:\s*'
                if ($flags -and -not ([Convert]::ToInt32($flags[0], 8) -band 0x80000)) { $file.Name } # O_CLOEXEC
            }
            $other = Start-Sh 'exec sleep 100' @{ OpenInput = $true }
            $terminal = Start-Sh 'exec sleep 100' @{ Terminal = $true }
            $run = Start-Sh 'exec ls /proc/self/fd' | Wait-Exit
            @($run.Output | Where-Object { $_ -notin $inherited -and $_ -notin 0, 1, 2 }).Count | Should -BeLessOrEqual 1
            $run | Assert-Run -OutputMatch '^0$'
            $other, $terminal | Send-Signal KILL | Assert-Run -Output @() -Status KILL
        }

        It 'can be signalled as a group' {
            $run = Start-Sh 'sleep 100 & trap "wait; exit 7" TERM; echo ready; wait; wait'
            $run | Wait-Line ready | Send-Signal TERM -Group
            $run | Assert-Run -Output ready -Status 7
        }

        It 'get storms of signals; those after their end are lost' {
            $run = Start-Sh 'echo ready; exec sleep 100'
            $run | Wait-Line ready | Send-Signal CONT, TERM -Count 50
            $run | Assert-Run -Output ready -Status TERM
        }

        It 'read what is written to them, and the end of input' {
            $run = Start-Sh 'cat; echo end >&2' @{ OpenInput = $true }
            $run | Send-Line one | Wait-Line one | Close-Input
            $run | Assert-Run -Output one -ErrorMatch '\Aend\n\z'
        }

        It 'read an empty input unless they have one' {
            Start-Sh 'cat' | Assert-Run -Output @()
        }

        It 'can''t write to an output that is closed' {
            $run = Start-Sh 'echo ready; read line; echo more; echo not here >log' @{ OpenInput = $true }
            $run | Wait-Line ready | Close-Output | Send-Line 'go on'
            $run | Assert-Run -Output ready -File @{ log = @() } -Status PIPE
        }

        It 'can''t write endlessly to an output that gets closed' {
            $run = Start-Sh 'exec yes'
            $run | Wait-Line y | Close-Output
            $run | Assert-Run -OutputMatch '\Ay\n' -Status PIPE
        }

        It 'are started in the run''s directory, with a home in it, and both are gone afterwards' {
            $run = Start-Sh 'test -d "$HOME" && test "$PWD" -ef "$TEST_TEMP" && echo $NO_COLOR $TERM; env | grep -c ^DOTNET_CLI' | Wait-Exit
            $directory = $run.Directory
            $run | Assert-Run -Output '1 dumb', '0' -Status 1
            $directory | Should -Exist
            Clear-Run
            $directory | Should -Not -Exist
        }

        It 'have the environment and the directory that they are given' {
            $run = Start-Sh 'pwd; echo "$ONLY $HOME"' @{ Environment = @{ ONLY = 'ä=1'; HOME = $null }; WorkingDirectory = '/' }
            $run | Assert-Run -Output '/', 'ä=1 '
        }
    }

    Context 'terminals' {
        It 'are the controlling terminal, of known size, for all three standard streams' {
            $run = Start-Sh 'test -t 0 && test -t 1 && test -t 2 && stty size && echo hello >/dev/tty' @{ Terminal = $true }
            $run | Assert-Run -Output '30 120', 'hello'
        }

        It 'send SIGINT at Ctrl+C' {
            # Not as a child of sh: one that is interrupted while it starts a child may miss it (dash 0.5.12).
            $run = Start-Sh 'echo ready; exec sleep 100' @{ Terminal = $true }
            $run | Wait-Line ready | Send-CtrlC
            $run | Assert-Run -Output ready, '^C' -Status INT
        }

        It 'send SIGHUP when they are closed' {
            $run = Start-Sh 'echo ready; exec sleep 100' @{ Terminal = $true }
            $run | Wait-Line ready | Close-Terminal
            $run | Assert-Run -OutputMatch '\Aready$' -Status HUP
        }
    }

    Context 'waiting' {
        It 'continues after the last match, for lines and for texts' {
            $run = Start-Sh 'echo a1 b1 a2; echo next; read line; echo next' @{ OpenInput = $true }
            $run | Wait-Text b | Wait-Text -Match 'a(\d)' | Wait-Line next | Send-Line 'go on' | Wait-Line next
            $run.Found | Should -Be 'a2', '2'
            $run | Assert-Run -Output 'a1 b1 a2', 'next', 'next'
        }

        It 'fails at once when the output has ended, and says how the shell ended' {
            $run = Start-Sh 'echo almost ready; exit 5'
            $failure = Get-Failure { $run | Wait-Line ready }
            $failure.FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
            $failure.Exception.Message | Should -BeLike "waited for the line 'ready', but the output has ended*status: exit 5*almost ready*"
        }

        It 'fails when the time is up' {
            $run = Start-Sh 'echo almost ready; exec sleep 100' @{ TimeLimit = 0.5 }
            $failure = Get-Failure { $run | Wait-Line ready }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TimeLimit,*'
            $failure.Exception.Message | Should -BeLike "waited for the line 'ready' for 0.5 s*none, it was running*almost ready*"
        }

        It 'fails when there is nothing left to signal' {
            $run = Start-Sh 'exit 5' | Wait-Exit
            (Get-Failure { $run | Send-Signal TERM }).Exception.Message | Should -BeLike '*had ended before*sent SIGTERM*exit 5*'
        }
    }

    Context 'judging' {
        It 'reports the script, expected and actual output, the status, standard error and the events' {
            $run = Start-Script -NoModule { 'one'; 'two'; [Console]::Error.WriteLine('oops'); exit 4 }
            $message = (Get-Failure { $run | Assert-Run -Output one, three -File @{ log = 'kept' } }).Exception.Message
            $message | Should -BeLike @'
status: expected exit 0, got exit 4
output, line 2: expected 'three', got 'two'
standard error: expected nothing, got what is shown below
file log, line 1: expected 'kept', got no such line
--- status: expected exit 0, got exit 4
--- output: -expected, +got
  one
- three
+ two
--- standard error: got
oops
--- file log: -expected, +got
- kept
--- script
  1  'one'; 'two'; `[Console`]::Error.WriteLine('oops'); exit 4
--- what happened
*started process*
*ended: exit 4
'@.Replace("`r", '').Trim()
        }

        It 'distinguishes death by a signal from exit 128 + n' {
            (Get-Failure { Start-Sh 'exit 143' | Assert-Run -Output @() -Status TERM }).Exception.Message | Should -BeLike 'status: expected killed by SIGTERM, got exit 143*'
            (Get-Failure { Start-Sh 'kill -TERM $$' | Assert-Run -Output @() -Status 143 }).Exception.Message | Should -BeLike 'status: expected exit 143, got killed by SIGTERM*'
        }

        It 'accepts one of several statuses' {
            Start-Sh 'exit 1' | Assert-Run -Output @() -Status 0, 1
        }

        It 'wants <Name>' -ForEach @(
            @{ Name = 'no more output than said'; Script = 'echo a; echo b'; Option = @{ Output = 'a' } }
            @{ Name = 'no less output than said'; Script = 'echo a'; Option = @{ Output = 'a', 'b' } }
            @{ Name = 'patterns in their order'; Script = 'echo a; echo b'; Option = @{ OutputMatch = 'b', 'a' } }
            @{ Name = 'an empty standard error'; Script = 'echo a >&2'; Option = @{ Output = @() } }
            @{ Name = 'each pattern of standard error'; Script = 'echo a >&2'; Option = @{ Output = @(); ErrorMatch = 'a', 'a' } }
            @{ Name = 'the status'; Script = 'exit 1'; Option = @{ Output = @() } }
            @{ Name = 'no file where none is said'; Script = 'echo a >log'; Option = @{ Output = @(); File = @{ log = @() } } }
        ) {
            (Get-Failure { Start-Sh $Script | Assert-Run @Option }).FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        }

        It 'fails for a process left behind, and kills it' {
            $run = Start-Sh 'sleep 1234 & exit 0' @{ LeftoverLimit = 0.3 }
            $failure = Get-Failure { $run | Assert-Run -Output @() }
            $failure.Exception.Message | Should -BeLike 'process left behind: *sleep 1234*'
            $failure.FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        }

        It 'fails for one that has moved to a session of its own' {
            Skip-Unless -Linux -Program setsid
            $run = Start-Sh 'setsid sleep 1234 & exit 0' @{ LeftoverLimit = 0.3 }
            (Get-Failure { $run | Assert-Run -Output @() }).Exception.Message | Should -BeLike 'process left behind: *sleep 1234*'
        }

        It 'waits for one that ends by itself soon, and its output counts' {
            Start-Sh '(sleep 0.3; echo afterwards) & exit 0' | Assert-Run -Output afterwards
        }

        It 'kills what hangs when its time is up' {
            $run = Start-Sh 'trap "" TERM; echo hanging; sleep 100' @{ TimeLimit = 0.5 }
            $failure = Get-Failure { $run | Assert-Run -Output hanging }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TimeLimit,*'
            $failure.Exception.Message | Should -BeLike "did not end within 0.5 s*status: expected exit 0, got none, it was running*"
            { [Diagnostics.Process]::GetProcessById($run.Id) } | Should -Throw
        }

        It 'reports a wrong result as such, even when the time is up' {
            $run = Start-Sh 'echo something else; exec sleep 100' @{ TimeLimit = 0.5 }
            (Get-Failure { $run | Assert-Run -Output hanging }).FullyQualifiedErrorId | Should -BeLike 'RunFailed,*'
        }

        It 'fails when -Within is passed' {
            $run = Start-Sh 'trap "sleep 0.5; exit 0" TERM; echo ready; while :; do sleep 0.05; done'
            $run | Wait-Line ready | Send-Signal TERM
            $failure = Get-Failure { $run | Assert-Run -Output ready -Within 0.2 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'TimeLimit,*'
            $failure.Exception.Message | Should -BeLike 'took * s to end; the limit is 0.2 s*'
        }

        It 'fails a test that asserts nothing' {
            $null = Start-Sh 'exit 0'
            (Get-Failure { Clear-Run }).Exception.Message | Should -BeLike '*without judging 1 of its runs*'
        }
    }

    Context 'the runner' {
        BeforeAll {
            $files = @{
                'Results' = "Describe 'd' { It 'good' { }; It 'bad' { 1 | Should -Be 2 }; It 'left out' { Set-ItResult -Skipped -Because 'a reason' } }"
                'Late' = @'
Describe 'd' {
    . HARNESS/Use.ps1
    It 'late once' {
        $again = Test-Path "$PSScriptRoot/again"
        'x' | Set-Content "$PSScriptRoot/again"
        Start-Program sh '-c', ($again ? 'exit 0' : 'exec sleep 100') -TimeLimit 0.5 | Assert-Run -Output @()
    }
    It 'late again' { Start-Program sh '-c', 'exec sleep 100' -TimeLimit 0.5 | Assert-Run -Output @() }
    It 'wrong' {
        'x' | Add-Content "$PSScriptRoot/wrong"
        Start-Program sh '-c', 'exit 1' | Assert-Run -Output @()
    }
}
'@
                'Unreadable' = "Describe 'd' { It 'good' { } "
                'BeforeAll' = "Describe 'd' { BeforeAll { throw 'broken before all' }; It 'never run' { } }"
                'Midway' = "Describe 'd' { It 'good' { }; It 'ends' { [Environment]::Exit(0) } }"
                'None' = '# no tests'
            }
            foreach ($name in $files.Keys) {
                $files[$name].Replace('HARNESS', "$PSScriptRoot/Harness") | Set-Content -LiteralPath "$TestDrive/$name.Tests.ps1"
            }

            # Results of its own: those of the run that is under way are in out/results.
            function Start-Runner([string[]] $Argument) {
                $option = @('-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/run.ps1", '-Results', "$TestDrive/results") + $Argument
                Start-Program (Get-ShellPath) $option -TimeLimit 300
            }

            $run = Start-Runner '-Detailed', '-Path', $TestDrive, '-PesterVersion', "$((Get-Module Pester).Version)"
            $run | Assert-Run -OutputMatch 'Pester' -Status 1
            $text = $run.Output -join "`n"
            Clear-Run
        }

        It 'counts everything, at the end too' {
            $text | Should -Match '(?m)^Results\.Tests\.ps1 +1 passed, 1 failed, 1 skipped'
            $text | Should -Match '\nPester [\d.]+: 2 passed, 7 failed, 1 skipped, 2 retried \(\d+ s\)$'
            $counts = Get-Content "$TestDrive/results/pester.json" -Raw | ConvertFrom-Json
            $counts.Passed, $counts.Failed, $counts.Skipped, $counts.Retried | Should -Be 2, 7, 1, 2
        }

        It 'names failed tests with their messages, and skipped ones with the reason' {
            $text | Should -Match '(?m)^FAILED: Results\.Tests\.ps1: d\.bad\n +Expected 2, but got 1'
            $text | Should -Match '(?m)^SKIPPED: Results\.Tests\.ps1: d\.left out: .*a reason'
            $text | Should -Match '(?ms)^== Failures.*^FAILED: Results\.Tests\.ps1: d\.bad\n +Expected 2, but got 1'
        }

        It 'runs a test again that has exceeded a time limit, and says so' {
            $text | Should -Match '(?m)^RETRIED: Late\.Tests\.ps1: d\.late once: passed a limit of time, and not when run again alone$'
            $text | Should -Match '(?m)^RETRIED: Late\.Tests\.ps1: d\.late again: failed again$'
        }

        It 'never runs a wrong result again' {
            $text | Should -Match '(?m)^FAILED: Late\.Tests\.ps1: d\.wrong$'
            @(Get-Content "$TestDrive/wrong").Count | Should -Be 1
        }

        It 'fails if something is wrong outside of tests' {
            $text | Should -Match '(?m)^FAILED: Unreadable\.Tests\.ps1'
            $text | Should -Match '(?m)^FAILED: BeforeAll\.Tests\.ps1.*\n +broken before all'
            $text | Should -Match '(?m)^FAILED: Midway\.Tests\.ps1: \(the whole file\)\n +ended without a result'
        }

        It 'prints each test with -Detailed, of several files and of one' {
            $text | Should -Match '(?m)^ *\[\+\] good'
            $text | Should -Match '(?m)^ *\[-\] bad'
            Start-Runner '-Detailed', '-Path', "$TestDrive/Results.Tests.ps1" | Assert-Run -OutputMatch '\[\+\] good', '\[-\] bad' -Status 1
        }

        It 'says in one line what is missing: files, a Pester, tests' {
            $runner = "$PSScriptRoot/run.ps1"
            $directory = "$TestDrive"
            $run = Start-Script -NoModule -TimeLimit 300 {
                foreach ($option in @{ Path = '/nowhere' }, @{ PesterVersion = '1.2.3' }, @{ Path = "$using:directory/None.Tests.ps1" }) {
                    & $using:runner -Results "$using:directory/results" @option
                    "status $LASTEXITCODE"
                }
            }
            $run | Assert-Run -OutputMatch @(
                "\AFAILED: there is no \*\.Tests\.ps1 in '/nowhere'\.\nstatus 1\n"
                '\GFAILED: there is no Pester 1\.2\.3 in .* only .*\nstatus 1\n'
                '^FAILED: no test was run', '^status 1\n\z'
            )
        }
    }
}
