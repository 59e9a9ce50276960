Describe 'An exit block that writes without end is stopped by -ExitTimeoutSeconds' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    Context 'it is reported, the next exit block runs, the caller goes on' {
        It '<Name>' -Tag C8 -ForEach @(
            @{ Name = 'into /dev/null'; Block = { while ($true) { 'x' } } }
            @{ Name = 'into /dev/null, by a native command'; Block = { /bin/sh -c 'while :; do echo x; done' } }
            @{ Name = 'into /dev/null, by Write-Host'; Block = { while ($true) { Write-Host 'x' } } }
            @{ Name = 'into /dev/null, from within a function''s pipeline'; Block = { & { while ($true) { 'x' } } | ForEach-Object { $_ } | Where-Object { $_ } } }
        ) {
            $run = Start-Script {
                Use-ExitHandler { Out-Line 'body' } -OnExit $using:Block, { Out-Line 'second exit block' } -ExitTimeoutSeconds 0.5 > /dev/null 6> /dev/null
                'caller goes on'
                exit 3
            }
            $run | Assert-Run -Output body, 'second exit block', 'caller goes on' -ErrorMatch '1 of 2' -Status 3
        }

        It 'into <Name>' -Tag C8 -ForEach @(
            @{ Name = 'Out-Null'; Command = { Out-Null } }
            @{ Name = 'a command that works on each object'; Command = { ForEach-Object { $null = $_.Length } } }
        ) {
            $run = Start-Script {
                Use-ExitHandler { Out-Line 'body' } -OnExit { while ($true) { 'x' } }, { Out-Line 'second exit block' } -ExitTimeoutSeconds 0.5 -ErrorVariable errors |
                    & $using:Command
                "caller goes on: $($errors[-1].FullyQualifiedErrorId -replace ',.*')"
            }
            $run | Assert-Run -Output body, 'second exit block', 'caller goes on: ExitBlockTimedOut' -ErrorMatch '1 of 2'
        }

        It 'into standard output, after SIGTERM' -Tag C8 {
            $run = Start-Script {
                Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { while ($true) { 'x' } }, { 'second exit block' } -ExitTimeoutSeconds 0.5
                'caller goes on'
            }
            $run | Wait-Line ready | Send-Signal TERM
            $run | Assert-Run -OutputMatch '\Aready\n(x\n)*second exit block\ncaller goes on\n?\z' -ErrorMatch '1 of 2'
        }
    }

    It 'a later command in the pipeline that takes no more output causes no time-out: the exit block runs to its end' -Tag B5, C8 {
        $run = Start-Script {
            Use-ExitHandler { 'one' } -OnExit {
                foreach ($number in 1..1000) { 'dropped' }
                Out-Line 'exit block ends'
            } -ExitTimeoutSeconds 20 -ErrorVariable errors | Select-Object -First 1
            "caller goes on, errors: $($errors.Count)"
        }
        $run | Assert-Run -Output one, 'exit block ends', 'caller goes on, errors: 0'
    }
}
