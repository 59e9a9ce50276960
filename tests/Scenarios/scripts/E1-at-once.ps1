# The process dies at the body's first statement, when its guard is still starting.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
