# What the exit context tells after a signal.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $token = $_.Token
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "requested: $($_.IsExitRequested), cancelled: $($token.IsCancellationRequested)"
    Out-Line "requested after it began: $($_.RequestedAt -ge $_.StartedAt)"
    Out-Line "error: '$($_.ErrorRecord)', rescue: $($_.IsRescue)"
} -ExitVariable context
Out-Line "afterwards: $($context.Reason) $($context.Signal) $($context.ExitCode)"
