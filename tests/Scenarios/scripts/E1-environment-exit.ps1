# What ends the process in order is not the guard's: the exit block runs here.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    [System.Environment]::Exit(7)
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
