# The two keys of a console: Ctrl+C and, on Windows, Ctrl+Break; elsewhere Ctrl+\.
Describe 'A key that ends a scope, whatever its body does' -Tag Contract, H2, Windows {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
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

    It 'SIG<Signal>: the exit block runs once, the caller goes on' -Tag A2 -ForEach @{ Signal = 'INT'; Code = 130 }, @{ Signal = 'QUIT'; Code = 131 } {
        # On Windows one of the bodies starts a shell.
        $run = Start-Script -TimeLimit 60 {
            foreach ($one in $using:bodies) {
                "the body $($one.Does)"
                Use-ExitHandler {
                    . $one.Body
                    Out-Line 'body has come to its end'
                } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -Signal INT, QUIT -GracePeriodSeconds ([int] $one.Grace)
                'caller goes on'
            }
        }
        foreach ($one in $bodies) { $run | Wait-Line "the body $($one.Does)" | Wait-Line ready | Send-Signal $Signal }
        $run | Assert-Run -Output @(
            foreach ($one in $bodies) {
                "the body $($one.Does)"
                'ready'
                if ($one.First) { $one.First -f "SIG$Signal" }
                if ($one.Grace) { 'body has come to its end' }
                "exit block: Signal SIG$Signal $Code"
                'caller goes on'
            }
        )
    }
}
