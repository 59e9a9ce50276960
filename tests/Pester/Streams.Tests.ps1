Describe 'Output and the other streams of body and exit block' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'live and in order' {
        It 'objects reach the caller''s pipeline one by one, while the body runs; records that are not redirected are shown at once' -Tag B3 {
            $run = Start-Script {
                Use-ExitHandler {
                    'one'
                    Out-Line 'after one'
                    Write-Output 'two'
                    Out-Line 'after two'
                } -OnExit {
                    'three'
                    Out-Line 'after three'
                } | ForEach-Object { Out-Line "got $_" }

                Use-ExitHandler {
                    'output'
                    Out-Line 'after output'
                    Write-Warning 'warning'
                    Out-Line 'after warning'
                    Write-Verbose 'verbose' -Verbose
                    Out-Line 'after verbose'
                    Write-Debug 'debug' -Debug
                    Out-Line 'after debug'
                    Write-Information 'information' -InformationAction Continue
                    Out-Line 'after information'
                    Write-Host 'host'
                    Out-Line 'after host'
                    Write-Host 'no ' -NoNewline
                    Write-Host 'new line'
                    Write-Progress 'progress'
                    Write-Error 'error'
                    Out-Line 'after error'
                } -OnExit {
                    Write-Warning 'of the exit block'
                    Out-Line 'end'
                }
            }
            $run | Assert-Run -ErrorMatch 'error' -Output @(
                'got one', 'after one', 'got two', 'after two', 'got three', 'after three'
                'output', 'after output'
                'WARNING: warning', 'after warning'
                'VERBOSE: verbose', 'after verbose'
                'DEBUG: debug', 'after debug'
                'information', 'after information'
                'host', 'after host'
                'no new line'
                'after error'
                'WARNING: of the exit block', 'end'
            )
        }

        It 'the exit block''s output follows the body''s, however the body ends; what was written before a signal is not repeated' -Tag B3, B4 {
            $run = Start-Script {
                $all = Use-ExitHandler {
                    'output'
                    Write-Warning 'warning'
                    Write-Error 'error'
                    Out-Line 'ready'
                    Wait-Forever
                } -OnExit {
                    'exit output'
                    Write-Warning 'exit warning'
                } *>&1
                $all -join ', '

                Use-ExitHandler { 'body 1' } -OnExit { 'exit block 1' }, { 'second exit block 1' }
                try { Use-ExitHandler { 'body 2'; throw 'broken' } -OnExit { 'exit block 2' } } catch { "caught: $_" }
                function Get-Both { Use-ExitHandler { 'body 3'; Send-Signal TERM; Wait-Forever } -OnExit { 'exit block 3' } }
                $both = Get-Both
                "in a variable: $both"
                foreach ($i in 1, 2) { Use-ExitHandler { 'body 4'; break } -OnExit { 'exit block 4' } }
                Use-ExitHandler { 'body 5'; exit 5 } -OnExit { 'exit block 5'; Write-Warning 'of the exit block' }
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -Status 5 -Output @(
                'ready', 'output, warning, error, exit output, exit warning'
                'body 1', 'exit block 1', 'second exit block 1'
                'body 2', 'exit block 2', 'caught: broken'
                'in a variable: body 3 exit block 3'
                'body 4', 'exit block 4'
                'body 5', 'exit block 5', 'WARNING: of the exit block'
            )
        }
    }

    Context 'redirected on the call' {
        It 'each stream alone into the output; *>&1: all of them, in order, each record once' -Tag B3 {
            $run = Start-Script {
                $body = {
                    'output'
                    Write-Error 'error' -ErrorAction Continue
                    Write-Warning 'warning'
                    Write-Verbose 'verbose' -Verbose
                    Write-Debug 'debug' -Debug
                    Write-Information 'information' -InformationAction Continue
                    Write-Host 'host'
                }
                function Show-Record { process { Out-Line "$($_.GetType().Name): $_" } }

                Use-ExitHandler $body 2>&1 3>$null 4>$null 5>$null 6>$null | Show-Record
                Use-ExitHandler $body 2>$null 3>&1 4>$null 5>$null 6>$null | Show-Record
                Use-ExitHandler $body 2>$null 3>$null 4>&1 5>$null 6>$null | Show-Record
                Use-ExitHandler $body 2>$null 3>$null 4>$null 5>&1 6>$null | Show-Record
                Use-ExitHandler $body 2>$null 3>$null 4>$null 5>$null 6>&1 | Show-Record

                Use-ExitHandler {
                    . $body
                    Write-Information 'not shown'
                    'output again'
                } -OnExit {
                    'exit output'
                    Write-Error 'exit error'
                    Write-Warning 'exit warning'
                    Write-Host 'exit host'
                } *>&1 | Show-Record
            }
            $run | Assert-Run -Output @(
                'String: output', 'ErrorRecord: error'
                'String: output', 'WarningRecord: warning'
                'String: output', 'VerboseRecord: verbose'
                'String: output', 'DebugRecord: debug'
                'String: output', 'InformationRecord: information', 'InformationRecord: host'

                'String: output', 'ErrorRecord: error', 'WarningRecord: warning', 'VerboseRecord: verbose', 'DebugRecord: debug'
                'InformationRecord: information', 'InformationRecord: host', 'InformationRecord: not shown', 'String: output again'
                'String: exit output', 'ErrorRecord: exit error', 'WarningRecord: exit warning', 'InformationRecord: exit host'
            )
        }

        It 'into files, and into the variables of the common parameters: each record once; those of variables are shown as well' -Tag B3 {
            $run = Start-Script {
                Use-ExitHandler {
                    'output'
                    Write-Warning 'warning'
                    Write-Host 'host'
                    Write-Verbose 'verbose' -Verbose
                } -OnExit {
                    Write-Warning 'exit warning'
                    'exit output'
                } > output.txt 3> warnings.txt 6> host.txt 4> verbose.txt

                Use-ExitHandler { 'first'; Write-Host 'second' } -OnExit { 'third' } *> all.txt
                Use-ExitHandler { 'fourth' } -OnExit { 'fifth' } *>> all.txt
                'caller goes on'

                $result = Use-ExitHandler {
                    'output'
                    Write-Error 'error' 2>$null
                    Write-Warning 'warning'
                    Write-Information 'information'
                    Write-Error 'second error'
                } -OnExit {
                    'exit output'
                    Write-Warning 'exit warning'
                    Write-Information 'exit information'
                    Write-Error 'exit error' 2>$null
                } -OutVariable output -ErrorVariable errors -WarningVariable warnings -InformationVariable informations

                "result: $($result -join ', ')"
                "output: $($output -join ', ')"
                "warnings: $($warnings -join ', ')"
                "informations: $($informations -join ', ')"
                "errors: $($errors -join ', ')"
                "`$Error: $($Error -join ', ')"
            }
            $run | Assert-Run -ErrorMatch 'second error' -File @{
                'output.txt' = 'output', 'exit output'
                'warnings.txt' = 'warning', 'exit warning'
                'host.txt' = 'host'
                'verbose.txt' = 'verbose'
                'all.txt' = 'first', 'second', 'third', 'fourth', 'fifth'
            } -Output @(
                'caller goes on'
                'WARNING: warning', 'WARNING: exit warning'
                'result: output, exit output'
                'output: output, exit output'
                'warnings: warning, exit warning'
                'informations: information, exit information'
                'errors: error, second error, exit error'
                '$Error: exit error, second error, error'
            )
        }
    }

    It 'the preferences decide what is shown; $Error has each written error once, newest first, redirected and silenced ones too' -Tag B3 {
        $run = Start-Script {
            Use-ExitHandler {
                Write-Verbose 'not shown'
                Write-Debug 'not shown'
                Write-Information 'not shown'
                Write-Error 'not shown' -ErrorAction SilentlyContinue
                Write-Warning 'not shown' -WarningAction SilentlyContinue
                'body'
            } -OnExit { Write-Verbose 'not shown' }

            $VerbosePreference = $InformationPreference = 'Continue'
            Use-ExitHandler {
                Write-Verbose 'shown'
                Write-Information 'shown too'
            } -Verbose:$false
            $VerbosePreference = $WarningPreference = 'SilentlyContinue'
            Use-ExitHandler { Write-Warning 'not shown' }

            $Error.Clear()
            Use-ExitHandler {
                Write-Error 'silenced' -ErrorAction SilentlyContinue
                Write-Error 'redirected'
                Write-Error 'ignored' -ErrorAction Ignore
            } -OnExit {
                Write-Error 'of the exit block'
            } 2>$null
            "`$Error: $($Error -join ', ')"
            $Error[1].FullyQualifiedErrorId
        }
        $run | Assert-Run -Output 'body', 'VERBOSE: shown', 'shown too', '$Error: of the exit block, redirected, silenced', 'Microsoft.PowerShell.Commands.WriteErrorException'
    }

    It 'objects pass through unchanged: $null, arrays, empty arrays, many objects, the identical object, native commands'' output and errors' -Tag B3 {
        $run = Start-Script {
            $body = { $null; , @(1, 2); @(); 3, 4; , @(); 'x'; @{ key = 'value' } }
            function Get-Shape { process { $null -eq $_ ? 'null' : "$($_.GetType().Name)/$($_.Count)" } }

            "dot-sourced: $(. $body | Get-Shape)"
            "the scope's: $(Use-ExitHandler $body -OnExit $body | Get-Shape)"
            "many: $((Use-ExitHandler { 1..20000 } -OnExit { 1..20000 } | Measure-Object -Sum).Sum)"
            $same = [object]::new()
            "identical: $([object]::ReferenceEquals($same, (Use-ExitHandler { $same })))"

            Use-ExitHandler { /bin/sh -c 'echo output'; /bin/sh -c 'echo error >&2; exit 3' } -OnExit { /bin/sh -c 'echo exit output' } 2>&1 |
                ForEach-Object { Out-Line "got $($_.GetType().Name): $_" }
            Use-ExitHandler { 'piped' | /bin/cat } -OnExit { 'piped too' | /bin/cat }
            Use-ExitHandler { /bin/echo 'shown' } -OnExit { /bin/echo 'shown too' }
        }
        $shapes = 'null Object[]/2 Int32/1 Int32/1 Object[]/0 String/1 Hashtable/1'
        $run | Assert-Run -Output @(
            "dot-sourced: $shapes", "the scope's: $shapes $shapes", 'many: 400020000', 'identical: True'
            'got String: output', 'got ErrorRecord: error', 'got String: exit output', 'piped', 'piped too', 'shown', 'shown too'
        )
    }

    It 'a host sees each record of each stream once, progress too' -Tag B3 {
        $run = Start-Script {
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            $null = $shell.AddScript({
                Import-Module $env:GRACEFULEXIT_MODULE
                Use-ExitHandler {
                    Write-Progress 'progress' -Status 'half' -PercentComplete 50
                    Write-Error 'error'
                    Write-Warning 'warning'
                    Write-Verbose 'verbose' -Verbose
                    Write-Debug 'debug' -Debug
                    Write-Host 'host'
                    'output'
                } -OnExit {
                    Write-Progress 'progress' -Completed
                    Write-Warning 'exit warning'
                    'exit output'
                }
            })
            "output: $($shell.Invoke() -join ', ')"
            foreach ($stream in 'Error', 'Warning', 'Verbose', 'Debug', 'Information') { "${stream}: $($shell.Streams.$stream -join ', ')" }
            # Loading a module may report progress of its own.
            $progress = $shell.Streams.Progress | Where-Object Activity -EQ 'progress'
            "Progress: $(($progress | ForEach-Object { "$($_.PercentComplete) $($_.RecordType)" }) -join ', ')"
        }
        $run | Assert-Run -Output @(
            'output: output, exit output'
            'Error: error'
            'Warning: warning, exit warning'
            'Verbose: verbose'
            'Debug: debug'
            'Information: host'
            'Progress: 50 Processing, -1 Completed'
        )
    }
}
