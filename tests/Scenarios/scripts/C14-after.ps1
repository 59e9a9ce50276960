# What follows a signal, as -AfterSignal says: finally blocks and exit blocks run first, whatever it is.
param([string] $After)
. "$PSScriptRoot/../prelude.ps1"
Start-Sleep -Milliseconds 0 # loaded before the signal comes: a stop amid that would leave the command unknown

try {
    Use-ExitHandler {
        try {
            Out-Line 'ready'
            Wait-Forever
        }
        finally { Out-Line 'finally of the body' }
    } -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -AfterSignal $After
    Out-Line 'caller goes on'
}
finally {
    Start-Sleep -Milliseconds 100 # time in which a process that did not wait would be gone
    Out-Line 'finally of the caller'
}
