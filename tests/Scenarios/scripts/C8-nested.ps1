# The time-out of an inner exit block ends that block only: the outer body goes on, or after a signal the outer exit block.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        if ($How -eq 'signal') { Send-Signal SIGTERM; Wait-Forever }
    } -OnExit { Start-Sleep -Seconds 100 } -ExitTimeoutSeconds 0.5 -Append -ErrorAction SilentlyContinue
    Out-Line 'outer body goes on'
} -OnExit { Out-Line "outer exit block: $($_.Reason)" }
Out-Line 'caller goes on'
