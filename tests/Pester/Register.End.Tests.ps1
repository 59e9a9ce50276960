# Registered handlers when the session ends by itself: registering, the end, what they see, unregistering.

Describe 'Register-ExitHandler' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'registering' {
        It 'the script goes on; the handler runs at its end' -Tag F1 {
            $run = Start-Script { Register-ExitHandler { "exit: $($_.Reason) $($args[0].ExitCode)" }; 'script' }
            $run | Assert-Run -Output script, 'exit: Completed 0'
        }

        It '-PassThru returns what Get-ExitHandler lists, and nothing else is returned' -Tag F1 {
            $run = Start-Script {
                $nothing = Register-ExitHandler { }
                $first = Register-ExitHandler { } -PassThru -Signal TERM
                "returned: $($null -eq $nothing)"
                "$($first.Kind) $($first.State) $($first.Signal) $($first.Depth) $($first.RunspaceId)"
                $listed = Get-ExitHandler
                "listed: $($listed.Count), newest first: $($listed[0].Id -eq $first.Id -and $listed[1].Id -lt $first.Id)"
                $listed[0].StartedFrom -match '\.ps1:\d+$'
            }
            $run | Assert-Run -Output 'returned: True', 'Registered Waiting SIGTERM 0 1', 'listed: 2, newest first: True', True
        }

        It 'scopes and handlers are listed in the order in which a signal would end them; the view fits 100 columns' -Tag F1 {
            $run = Start-Script {
                Register-ExitHandler { } -Signal TERM, INT, HUP, QUIT
                Use-ExitHandler {
                    Register-ExitHandler { }
                    Use-ExitHandler {
                        (Get-ExitHandler | ForEach-Object { "$($_.Kind) $($_.Id)" }) -join ', '
                        $lines = Get-ExitHandler | Out-String -Width 100 -Stream
                    } -Append
                }
                "fits: $(-not ($lines | Where-Object { $_.TrimEnd().Length -gt 100 }))"
                "tells: $([bool]($lines -match 'Registered') -and [bool]($lines -match 'Scope') -and [bool]($lines -match '\.ps1:\d+\s*$'))"
            }
            $run | Assert-Run -Output 'Scope 4, Scope 2, Registered 3, Registered 1', 'fits: True', 'tells: True'
        }

        It 'is allowed within a scope, an exit block and a function, and a second time: each handler runs, the blocks of one in the order given' -Tag F1, F7 {
            $run = Start-Script {
                function Register-Mine { Register-ExitHandler { 'of the function' } }
                $block = { 'twice' }
                Register-ExitHandler { 'one' }, { 'two' }
                Register-ExitHandler $block
                Register-ExitHandler $block
                Register-Mine
                Use-ExitHandler { Register-ExitHandler { 'of the scope' } } -OnExit { 'exit block'; Register-ExitHandler { 'of the exit block' } }
            }
            $run | Assert-Run -Output 'exit block', 'of the exit block', 'of the scope', 'of the function', twice, twice, one, two
        }

        It 'a number of seconds can be a time span; a wrong one is an error and nothing is registered' -Tag F1 {
            $run = Start-Script {
                Register-ExitHandler { 'exit' } -ExitTimeoutSeconds ([timespan]::FromSeconds(3)) -StopTimeoutSeconds 1.5
                try { Register-ExitHandler { 'never' } -ExitTimeoutSeconds -1 } catch { "$_" -match 'seconds' }
                try { Register-ExitHandler { 'never' } -Signal KILL } catch { "$_" -match 'SIGTERM' }
                try { Register-ExitHandler { 'never' } -AfterSignal Continue } catch { "$_" -match 'Raise' }
                try { Register-ExitHandler $function:nosuch } catch { "$_" -match 'function' }
                (Get-ExitHandler | Measure-Object).Count
            }
            $run | Assert-Run -Output True, True, True, True, 1, exit
        }
    }

    Context 'the session ends by itself' {
        It 'newest first, once each; <Name>' -Tag F2 -ForEach @(
            @{ Name = 'exit 0'; Statement = 'exit 0'; Expected = 'Exit 0'; Status = 0 }
            @{ Name = 'exit 3'; Statement = 'exit 3'; Expected = 'Exit 3'; Status = 3 }
            @{ Name = 'an uncaught error'; Statement = "throw 'bad'"; Expected = 'Error 1 bad'; Status = 1; ErrorMatch = 'bad' }
            @{ Name = 'a caught error'; Statement = "try { throw 'bad' } catch { }"; Expected = 'Completed 0'; Status = 0 }
        ) {
            $run = Start-Script {
                Register-ExitHandler { "first: $($_.Reason) $($_.ExitCode) $($_.ErrorRecord)".TrimEnd() }
                Register-ExitHandler { 'second' }
                'script'
                Invoke-Expression $using:Statement
            }
            $run | Assert-Run -Output script, second, "first: $Expected" -Status $Status -ErrorMatch @($ErrorMatch | Where-Object { $_ })
        }

        It '-Command, <Name>' -Tag F2 -ForEach @(
            @{ Name = 'the end'; Statement = '1..0 | Out-Null'; Expected = 'Completed 0'; Status = 0 }
            # It ends the script; what -Command makes of that is status 1.
            @{ Name = 'exit 3 of a script'; Statement = 'exit 3'; Expected = 'Completed 1'; Status = 1 }
            @{ Name = 'an uncaught error'; Statement = "throw 'bad'"; Expected = 'Error 1 bad'; Status = 1; ErrorMatch = 'bad' }
        ) {
            $run = Start-Script -AsCommand {
                Register-ExitHandler { "exit: $($_.Reason) $($_.ExitCode) $($_.ErrorRecord)".TrimEnd() }
                Invoke-Expression $using:Statement
            }
            $run | Assert-Run -Output "exit: $Expected" -Status $Status -ErrorMatch @($ErrorMatch | Where-Object { $_ })
        }

        It 'the prompt: <_>' -Tag F2 -ForEach 'exit 4', 'end of input' {
            $run = Start-Prompt
            $run | Send-Line 'Register-ExitHandler { "handler: $($_.Reason) $($_.ExitCode)" }; "rea" + "dy"' | Wait-Line ready
            if ($_ -eq 'exit 4') { $run | Send-Line 'exit 4' } else { $run | Send-Text "`u{4}" }
            $status = $_ -eq 'exit 4' ? 4 : 0
            $run | Wait-Text -Match "handler: Exit $status" | Assert-Run -OutputMatch 'handler: Exit' -Status $status
        }

        It 'after the scope that is active' -Tag F2 {
            $run = Start-Script {
                Register-ExitHandler { 'handler' }
                Use-ExitHandler { Register-ExitHandler { 'newer handler' }; exit 6 } -OnExit { 'exit block' }
            }
            $run | Assert-Run -Output 'exit block', 'newer handler', handler -Status 6
        }

        It 'a handler can use what the script has not used before: commands of modules, nested pipelines, scopes, jobs' -Tag F2 {
            Skip-Unless -Unix
            $run = Start-Script {
                Register-ExitHandler {
                    Set-Content -LiteralPath "$env:TEST_TEMP/made" -Value (Get-Date).Year
                    "file: $((Get-Item -LiteralPath "$env:TEST_TEMP/made").Name)"
                    Start-Sleep -Milliseconds 1
                    Use-ExitHandler { 'body' } -OnExit { 'exit block' }
                    Start-ThreadJob { 'job' } | Receive-Job -Wait
                    & { 'pipeline' } | ForEach-Object { $_ }
                    /bin/echo native
                }
            }
            $run | Assert-Run -Output 'file: made', body, 'exit block', job, pipeline, native
        }

        It 'output and other streams go where the shell''s do' -Tag F2 {
            $run = Start-Script {
                Register-ExitHandler {
                    [pscustomobject]@{ Name = 'formatted' } | Format-List
                    Write-Warning 'a warning'
                    Write-Host 'to the host'
                    Write-Error 'an error'
                    'goes on'
                }
            }
            $run | Assert-Run -OutputMatch 'Name : formatted', 'WARNING: a warning', 'to the host', 'goes on' -ErrorMatch 'an error'
        }
    }

    Context 'variables and functions' {
        It 'of the script, and of functions that have returned, as they are at the end; of a module''s caller, whose block it registers' -Tag F6 {
            $run = Start-Script {
                Register-ExitHandler { "$value $(Get-Mine)"; $value = 'changed by the handler' }
                $value = 'late'
                function Get-Mine { "function $value" }

                function Start-It($name) {
                    $early = 'early'
                    Register-ExitHandler { "$name $early $late $(Get-Local)" }
                    $late = 'late'
                    function Get-Local { "local $late" }
                }
                Start-It one
                Start-It two

                $null = New-Module -Name Passing { function Register-For($block) { $mine = 'of the module'; Register-ExitHandler $block } }
                function Start-Caller { $mine = 'of the caller'; Register-For { "$mine" } }
                Start-Caller
                $name = $early = $late = $mine = 'of the script'
            }
            $run | Assert-Run -Output 'of the caller', 'two early late local late', 'one early late local late', 'late function late'
        }

        It 'of a script called by another, $script: and functions included' -Tag F6 {
            $run = Start-Script {
                Set-Content called.ps1 -Value @'
$mine = 1
Register-ExitHandler { "$mine $script:mine $later $(Get-Mine) $PSScriptRoot" -replace [regex]::Escape($env:TEST_TEMP), 'here' }
function f { Register-ExitHandler { "$deep $script:mine" }; $deep = 'deep' }
f
$later = 2
function Get-Mine { 'function' }
'@
                ./called.ps1
                $mine = $later = 'of the caller'
            }
            $run | Assert-Run -Output 'deep 1', '1 1 2 function here'
        }

        It 'of a module: its private ones, though it has been removed' -Tag F6 {
            $run = Start-Script {
                $module = New-Module -Name Flushing {
                    $private = 'private'
                    function Get-Private { "function $script:private" }
                    function Start-Flushing { param($local) Register-ExitHandler { "$private $(Get-Private) $local" } }
                    Register-ExitHandler { "at import: $private $(Get-Private)" }
                    Export-ModuleMember -Function Start-Flushing
                } | Import-Module -PassThru
                Start-Flushing argument
                $private = 'of the script'
                Remove-Module $module
            }
            $run | Assert-Run -Output 'private function private argument', 'at import: private function private'
        }

        It 'strict mode and -ErrorAction Stop' -Tag F6 {
            $run = Start-Script {
                Set-StrictMode -Version Latest
                $ErrorActionPreference = 'Stop'
                Register-ExitHandler { "second: $($_.Reason)" }
                Register-ExitHandler { 'first'; $noSuchVariable; 'not reached' }
            }
            $run | Assert-Run -Output first, 'second: Completed' -ErrorMatch 'noSuchVariable'
        }
    }

    Context 'unregistering' {
        It 'does not run: by object, by pipeline, by -Id; a second time, or a scope: an error that says what to do instead' -Tag F7 {
            $run = Start-Script {
                $one = Register-ExitHandler { 'one' } -PassThru
                $two = Register-ExitHandler { 'two' } -PassThru
                $three = Register-ExitHandler { 'three' } -PassThru
                Register-ExitHandler { 'stays' }
                Unregister-ExitHandler $one
                $two | Unregister-ExitHandler
                Unregister-ExitHandler -Id $three.Id
                (Get-ExitHandler).Count
                Unregister-ExitHandler $one -ErrorAction SilentlyContinue -ErrorVariable failed
                "$($failed[0].FullyQualifiedErrorId) $($failed[0] -match 'Get-ExitHandler')"
                Use-ExitHandler {
                    Get-ExitHandler | Where-Object Kind -EQ Scope | Unregister-ExitHandler -ErrorAction SilentlyContinue -ErrorVariable failed
                    "$($failed[0].FullyQualifiedErrorId) $($failed[0] -match 'Use-ExitHandler')"
                } -OnExit { 'exit block' }
                Unregister-ExitHandler -Id 4711 -ErrorAction Ignore
            }
            $id = 'NoExitHandler,GracefulExit.Commands.UnregisterExitHandlerCommand True'
            $run | Assert-Run -Output 1, $id, $id, 'exit block', stays
        }

        It 'by an exit block of a scope, by another handler, and from another runspace: at once' -Tag F7 {
            $run = Start-Script {
                $one = Register-ExitHandler { 'one' } -PassThru
                $two = Register-ExitHandler { 'two' } -PassThru
                $three = Register-ExitHandler { 'three' } -PassThru
                Register-ExitHandler { 'last'; $one | Unregister-ExitHandler }
                Use-ExitHandler { } -OnExit { $two | Unregister-ExitHandler }
                Start-ThreadJob { Import-Module $env:GRACEFULEXIT_MODULE; $input | Unregister-ExitHandler } -InputObject $three | Receive-Job -Wait
            }
            $run | Assert-Run -Output last
        }

        It 'a handler registers another, which runs next; one that has run can''t be unregistered' -Tag F7 {
            $run = Start-Script {
                Register-ExitHandler { 'first registered'; Unregister-ExitHandler $newest -ErrorAction SilentlyContinue -ErrorVariable failed; $failed[0].CategoryInfo.Category }
                $newest = Register-ExitHandler { 'newest'; Register-ExitHandler { "registered meanwhile: $($_.Reason)" } } -PassThru
            }
            $run | Assert-Run -Output newest, 'registered meanwhile: Completed', 'first registered', ObjectNotFound
        }
    }

    Context 'many' {
        It '1,000 handlers in one process: each once, newest first' -Tag F1 {
            $run = Start-Script {
                $ran = [System.Collections.Generic.List[int]]::new()
                Register-ExitHandler { "ran $($ran.Count), in order: $(-join $ran -eq -join (1000..1))" }
                foreach ($number in 1..1000) { & { param($n) Register-ExitHandler { $ran.Add($n) } } $number }
                (Get-ExitHandler).Count
            }
            $run | Assert-Run -Output 1001, 'ran 1000, in order: True'
        }
    }
}
