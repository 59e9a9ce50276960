Describe '$LASTEXITCODE and $? after the scope tell of the body' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It '$LASTEXITCODE is that of the body''s native command, whatever the exit block runs; if there was none, it stays unset' -Tag B7 {
        $run = Start-Script {
            "before: '$global:LASTEXITCODE'"
            Use-ExitHandler {} -OnExit { /bin/sh -c 'exit 6' }
            "after: '$global:LASTEXITCODE'"
            Use-ExitHandler { /bin/sh -c 'exit 3' } -OnExit {
                "exit block sees $LASTEXITCODE"
                /bin/sh -c 'exit 5'
                "exit block has $LASTEXITCODE"
            }
            "caller sees $LASTEXITCODE"
            Use-ExitHandler {} -OnExit { /bin/sh -c 'exit 6' }
            "caller still sees $LASTEXITCODE"
            Use-ExitHandler { /bin/sh -c 'exit 4'; Send-Signal TERM; Wait-Forever } -OnExit { /bin/sh -c 'exit 7' }
            "after a signal: $LASTEXITCODE"
        }
        $run | Assert-Run -Output @(
            "before: ''", "after: ''"
            'exit block sees 3', 'exit block has 5', 'caller sees 3', 'caller still sees 3', 'after a signal: 4'
        )
    }

    It '$?, && and || depend on the body''s last statement' -Tag B7 {
        $run = Start-Script {
            $good = { $null = 1 }
            $failing = { Get-Item /no/such/file 2>$null }
            $native = { /bin/sh -c 'exit 3' }

            Use-ExitHandler $good -OnExit $good; "good body, good exit block: $?"
            Use-ExitHandler $good -OnExit $failing; "good body, failing exit block: $?"
            Use-ExitHandler $good -OnExit $native; "good body, exit block with a failing native command: $?"
            Use-ExitHandler $good -OnExit { throw 'broken' } 2>$null; "good body, exit block that throws: $?"
            Use-ExitHandler $failing -OnExit $good; "failing body, good exit block: $?"
            Use-ExitHandler $native -OnExit $good; "native failure in the body: $?"
            Use-ExitHandler $failing; "failing body, no exit block: $?"
            Use-ExitHandler { Get-Item /no/such/file 2>$null; $null = 1 } -OnExit $failing; "failure before the body's last statement: $?"
            Use-ExitHandler $native -OnExit $good || 'the chain took the other way'
            Use-ExitHandler $good -OnExit $native && 'the chain went on'
        }
        $run | Assert-Run -Output @(
            'good body, good exit block: True'
            'good body, failing exit block: True'
            'good body, exit block with a failing native command: True'
            'good body, exit block that throws: True'
            'failing body, good exit block: False'
            'native failure in the body: False'
            'failing body, no exit block: False'
            'failure before the body''s last statement: True'
            'the chain took the other way'
            'the chain went on'
        )
    }
}
