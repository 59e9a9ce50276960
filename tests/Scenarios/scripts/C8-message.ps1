# The message of a time-out; after a signal, too, the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line 'first begins'; Start-Sleep -Seconds 100 }, { Out-Line "second: $($_.Signal)" } -ExitTimeoutSeconds 0.5
Out-Line 'caller goes on'
