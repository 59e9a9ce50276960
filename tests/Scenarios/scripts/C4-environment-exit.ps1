# [Environment]::Exit(N) in the body: the exit block runs before the process is gone; the status is N.
param([int] $Code)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $own = 'body'
    [Environment]::Exit($Code)
} -OnExit { Out-Line "first exit block: $($_.Reason) $($_.ExitCode), $own" }, { Out-Line 'second exit block' }
Out-Line 'not reached'
