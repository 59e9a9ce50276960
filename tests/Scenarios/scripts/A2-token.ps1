# A .NET call that waits for the context's token ends with an exception at the signal: that is no error of the body.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    [System.Threading.Tasks.Task]::Delay(-1).Wait($_.Token)
    Out-Line 'not reached'
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)"
}
Out-Line 'caller goes on'
