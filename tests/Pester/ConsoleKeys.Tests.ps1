# The two keys of a console: Ctrl+C and, on Windows, Ctrl+Break; elsewhere Ctrl+\.
Describe 'A key that ends a scope, whatever its body does' -Tag Contract, H2, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $bodies = @(
            @{ Does = 'sleeps'; Body = { Out-Line 'ready'; Start-Sleep -Seconds 1000 } }
            @{ Does = 'sleeps in a loop'; Body = { Out-Line 'ready'; while ($true) { Start-Sleep -Milliseconds 5 } } }
            @{ Does = 'computes'; Body = { Out-Line 'ready'; while ($true) { } } }
            @{ Does = 'waits in a .NET call'; Body = { Out-Line 'ready'; [System.Threading.ManualResetEventSlim]::new().Wait() } }
            @{ Does = 'waits for a native command'; Body = {
                    if (-not $IsWindows) { Out-Line 'ready'; sleep 1000 }
                    # There the key reaches it too, so it is one that goes on.
                    $goesOn = 'Import-Module $env:GRACEFULEXIT_MODULE; Use-ExitHandler -Signal INT, QUIT -GracePeriodSeconds 1000 { [Console]::Out.WriteLine("ready"); Start-Sleep 1000 }'
                    & ([System.Environment]::ProcessPath) -NoProfile -NonInteractive -Command $goesOn | ForEach-Object { Out-Line $_ }
                }
            }
            @{ Does = 'waits for a job'; Body = { Out-Line 'ready'; Start-ThreadJob { Start-Sleep -Seconds 1000 } | Wait-Job } }
            @{ Does = 'is a scope of its own'; Body = { Use-ExitHandler -Append -Signal INT, QUIT { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "inner exit block: $($_.Signal)" } }; First = 'inner exit block: {0}' }
            @{ Does = 'ends by itself in its grace period'; Grace = 20; Body = { Out-Line 'ready'; $null = Wait-ExitRequest; Out-Line 'body ends' }; First = 'body ends' }
        )
    }

    It 'SIG<Signal>, the body <Does>: the exit block runs once, the caller goes on' -Tag A2 -ForEach @(
        foreach ($body in $bodies) {
            foreach ($signal in 'INT', 'QUIT') {
                @{ Signal = $signal; Does = $body.Does; Body = $body.Body; Grace = $body.Grace ?? 0; First = $body.First }
            }
        }
    ) {
        $run = Start-Script {
            Use-ExitHandler {
                . $using:Body
                Out-Line 'body has come to its end'
            } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -Signal INT, QUIT -GracePeriodSeconds $using:Grace
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal $Signal
        $run | Assert-Run -Output @(
            'ready'
            if ($First) { $First -f "SIG$Signal" }
            if ($Grace) { 'body has come to its end' }
            "exit block: Signal SIG$Signal $($Signal -eq 'INT' ? 130 : 131)"
            'caller goes on'
        )
    }
}
