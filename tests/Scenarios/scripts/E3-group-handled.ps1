# A signal to the whole process group that the scope listens to: the exit block runs here, and the guard has nothing to do.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
Out-Line 'caller goes on'
