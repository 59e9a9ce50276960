# Environment.FailFast ends the process without running anything in it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'body'
    [System.Environment]::FailFast('on purpose')
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
