Describe 'An exit block that writes without end is stopped by -ExitTimeoutSeconds' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'into /dev/null or another command: it is reported, the next exit block runs, the caller goes on' -Tag C8 {
        $run = Start-Script {
            $endless = @(
                { while ($true) { 'x' } }
                { /bin/sh -c 'while :; do echo x; done' }
                { while ($true) { Write-Host 'x' } }
                { & { while ($true) { 'x' } } | ForEach-Object { $_ } | Where-Object { $_ } }
            )
            foreach ($block in $endless) {
                Use-ExitHandler { Out-Line "body:$block" } -OnExit $block, { Out-Line 'second exit block' } -ExitTimeoutSeconds 0.3 > /dev/null 6> /dev/null
                'caller goes on'
            }
            foreach ($command in { Out-Null }, { ForEach-Object { $null = $_.Length } }) {
                Use-ExitHandler { Out-Line "body:$command" } -OnExit $endless[0], { Out-Line 'second exit block' } -ExitTimeoutSeconds 0.3 -ErrorVariable errors | & $command
                "caller goes on: $($errors[-1].FullyQualifiedErrorId -replace ',.*')"
            }
            exit 3
        }
        $run | Assert-Run -ErrorMatch (@('Exit block 1 of 2 was stopped') * 6) -Status 3 -Output @(
            "body: while (`$true) { 'x' } ", 'second exit block', 'caller goes on'
            "body: /bin/sh -c 'while :; do echo x; done' ", 'second exit block', 'caller goes on'
            "body: while (`$true) { Write-Host 'x' } ", 'second exit block', 'caller goes on'
            "body: & { while (`$true) { 'x' } } | ForEach-Object { `$_ } | Where-Object { `$_ } ", 'second exit block', 'caller goes on'
            'body: Out-Null ', 'second exit block', 'caller goes on: ExitBlockTimedOut'
            'body: ForEach-Object { $null = $_.Length } ', 'second exit block', 'caller goes on: ExitBlockTimedOut'
        )
    }

    It 'into standard output, after SIGTERM: the same' -Tag C8 {
        $run = Start-Script {
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { while ($true) { 'x' } }, { 'second exit block' } -ExitTimeoutSeconds 0.3
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\Aready\n(x\n)*second exit block\ncaller goes on\n?\z' -ErrorMatch '1 of 2'
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
