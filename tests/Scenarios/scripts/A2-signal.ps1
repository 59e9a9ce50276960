# A signal during the body stops it; the exit block runs; the caller goes on; the status is the script's own.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
    Out-Line 'not reached'
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)"
}
Out-Line 'caller goes on'
