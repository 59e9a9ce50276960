# In its grace period a body that waits for an exit request is woken at once, sees it everywhere, and ends by itself.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $context = $_
    Out-Line "before: $(Wait-ExitRequest 0) $($context.IsExitRequested) $($context.Token.IsCancellationRequested)"
    Out-Line 'ready'
    $answer = Wait-ExitRequest
    $late = ([datetime]::Now - $context.RequestedAt).TotalMilliseconds
    Out-Line "asked to end: $answer $($context.IsExitRequested) $($context.Token.IsCancellationRequested), at once: $($late -lt 500)"
    Out-Line "so far: $($context.Reason) $($context.Signal) $($context.ExitCode), again: $(Wait-ExitRequest) $(Wait-ExitRequest 0)"
    Start-Sleep -Milliseconds 300 # time in which a stop would be seen
    Out-Line 'body ends by itself'
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
