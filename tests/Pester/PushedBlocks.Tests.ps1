Describe 'Exit blocks that are pushed while the body runs' -Tag Contract, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        # Linux has one path for all three; Windows has an event of its own for each.
        $signals = (Test-Windows) ? ('TERM', 'INT', 'HUP') : 'HUP'
    }

    It 'run last in, first out, before -OnExit, with the values at the time of their run' -Tag G1, G3 {
        $run = Start-Script {
            function New-Thing($name) { Add-ExitBlock { "undo $($args[0]) $value" } -ArgumentList $name }
            Use-ExitHandler { $value = 'early'; New-Thing one; New-Thing two; $value = 'late'; 'body' } -OnExit { 'exit block' }
        }
        $run | Assert-Run -Output body, 'undo two late', 'undo one late', 'exit block'
    }

    It 'run after SIG<_>' -Tag G1 -ForEach $signals {
        $run = Start-Script {
            Use-ExitHandler { Add-ExitBlock { "undo, $($_.Signal)" }; 'ready'; Wait-Forever } -OnExit { 'exit block' }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $_
        $run | Assert-Run -Output ready, "undo, SIG$_", 'exit block', 'caller goes on'
    }

    It 'belong to the innermost scope; one that an exit block pushes runs next' -Tag G1 {
        $run = Start-Script {
            Use-ExitHandler {
                Add-ExitBlock { 'outer undo' }
                Use-ExitHandler { Add-ExitBlock { 'inner undo' } } -OnExit { 'inner exit block' } -Append
            } -OnExit { 'outer exit block'; Add-ExitBlock { 'pushed' } }, { 'second' }
        }
        $run | Assert-Run -Output 'inner undo', 'inner exit block', 'outer undo', 'outer exit block', pushed, second
    }

    It 'outside a scope and from another runspace: the error NoExitHandler, which names Register-ExitHandler; nothing is pushed' -Tag G1 {
        $run = Start-Script {
            try { Add-ExitBlock { 'not reached' } } catch { $_.FullyQualifiedErrorId -replace ',.*'; "$_" -match 'Register-ExitHandler' }
            Use-ExitHandler {
                1..2 | ForEach-Object -Parallel { Import-Module $env:GRACEFULEXIT_MODULE; try { Add-ExitBlock { 'not reached' } } catch { $_.FullyQualifiedErrorId -replace ',.*' } }
                Start-ThreadJob { Import-Module $env:GRACEFULEXIT_MODULE; Add-ExitBlock { 'not reached' } } | Receive-Job -Wait -ErrorVariable problem -ErrorAction SilentlyContinue
                $problem[0].FullyQualifiedErrorId -replace ',.*'
            } -OnExit { 'exit block' }
        }
        $run | Assert-Run -Output NoExitHandler, True, NoExitHandler, NoExitHandler, NoExitHandler, 'exit block'
    }

    It 'a removed one does not run; removing it again, or one that has run, has no effect' -Tag G2 {
        $run = Start-Script {
            Use-ExitHandler {
                $script:kept = Add-ExitBlock { 'kept' } -PassThru
                $undo = Add-ExitBlock { 'not reached' } -PassThru
                Remove-ExitBlock $undo
                $undo | Remove-ExitBlock
                'committed'
            }
            Remove-ExitBlock $kept
            'caller goes on'
        }
        $run | Assert-Run -Output committed, kept, 'caller goes on'
    }

    It 'run in the guard after SIGKILL, with the values at the time of the push' -Tag G3, E1 {
        $run = Start-Script {
            Use-ExitHandler {
                foreach ($name in 'one', 'two') { Add-ExitBlock { "undo $name $args" } -ArgumentList (10, 20) }
                $undo = Add-ExitBlock { 'not reached' } -PassThru
                Remove-ExitBlock $undo
                'ready'
                Wait-Forever
            } -OnExit { "exit block: $($_.Reason)" } -Guard
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, 'undo two 10 20', 'undo one 10 20', 'exit block: Killed' -Status SIGKILL
    }

    Context 'the example deploy.ps1' {
        BeforeAll { $example = "$PSScriptRoot/../../examples/deploy.ps1" }

        It 'runs to its end: what it has created stays, nothing is undone' -Tag G2, G7 {
            $run = Start-Script {
                $null = New-Item -ItemType Directory build, shop
                Set-Content build/index.html new
                Set-Content shop/index.html old
                & "$using:example" -Source ./build -Target "$PWD/shop"
                Get-Content shop/index.html
                Get-ChildItem -Name | Where-Object { $_ -like 'shop*' }
            }
            $run | Assert-Run -Output Copied, Checked, Deployed, new, shop
        }

        It 'gets a signal halfway: what has been done is undone' -Tag G1, G4 {
            $run = Start-Script {
                $null = New-Item -ItemType Directory build, shop
                Set-Content build/index.html new
                Set-Content shop/index.html old
                & "$using:example" -Source ./build -Target "$PWD/shop"
            }
            $run | Wait-Line Copied | Send-Signal INT
            $run | Assert-Run -Output Copied, 'Undone: the copy' -Status 130
            Get-ChildItem $run.Directory -Name -Filter 'shop*' | Should -Be shop
            Get-Content "$($run.Directory)/shop/index.html" | Should -Be old
        }

        It 'has a step that fails: the steps before it are undone' -Tag G1 {
            $run = Start-Script {
                $null = New-Item -ItemType Directory build, shop
                & "$using:example" -Source ./build -Target "$PWD/shop"
            }
            $run | Assert-Run -Output Copied, 'Undone: the copy' -ErrorMatch 'no index.html' -Status 1
            Get-ChildItem $run.Directory -Name -Filter 'shop*' | Should -Be shop
        }
    }

    It 'in a shield no signal comes between creating a thing and pushing its clean-up' -Tag G4 {
        $run = Start-Script {
            Use-ExitHandler {
                $undo = Use-ExitShield {
                    $made = 'thing'
                    'made'
                    Send-Signal TERM
                    Wait-ExitRequest
                    Start-Sleep -Milliseconds 300
                    Add-ExitBlock { "undone: $made" } -PassThru
                }
                'not reached'
            } -OnExit { 'exit block' }
        }
        $run | Assert-Run -Output 'undone: thing', 'exit block'
    }
}
