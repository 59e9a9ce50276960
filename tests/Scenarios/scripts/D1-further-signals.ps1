# Further signals in the grace period do not shorten it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    $null = Wait-ExitRequest
    Out-Line 'draining'
    Out-Line "body goes on: $([System.Console]::In.ReadLine())"
    Start-Sleep -Milliseconds 200 # time in which a stop would be seen
    Out-Line 'body ends by itself'
} -OnExit { Out-Line "exit block: $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
