# A signal as the body's first statement: the exit block runs once, the caller goes on.
param([string] $Signal)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Send-Signal $Signal
    Wait-Forever
} -OnExit { Out-Line "exit block: $($_.Signal)" }
Out-Line 'caller goes on'
