# The inner scope of nested ones ends more than itself, the outer one listens to another signal: the outer exit block runs first.
param([string] $After)
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler {
        Use-ExitHandler {
            Out-Line 'ready'
            Wait-Forever
        } -OnExit { Out-Line "inner exit block: $($_.Reason)" } -Signal SIGTERM -AfterSignal $After -Append
        Out-Line 'not reached'
    } -OnExit { Out-Line "outer exit block: $($_.Reason) $($_.ExitCode)" } -Signal SIGHUP
    Out-Line 'not reached either'
}
finally { Out-Line 'finally of the caller' }
