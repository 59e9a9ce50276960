# Wait-ExitRequest returns false when its time is up, not before; 0 only looks.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line (Wait-ExitRequest 0)
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Out-Line "$(Wait-ExitRequest 0.2), after its time: $($watch.ElapsedMilliseconds -ge 199)"
    Out-Line (Wait-ExitRequest -TimeoutSeconds 0.01).GetType().Name
} -OnExit { Out-Line "exit block: $($_.Reason), $(Wait-ExitRequest 0.01)" }
