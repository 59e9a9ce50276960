# A signal ends nested scopes, newest first; nothing more of the outer body runs; then the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'outer body'
    Use-ExitHandler {
        Out-Line 'ready'
        Wait-Forever
    } -OnExit {
        Out-Line "inner exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)"
    } -Append
    Out-Line 'more of the outer body'
} -OnExit {
    Out-Line "outer exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)"
}
Out-Line 'caller goes on'
