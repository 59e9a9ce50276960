# A signal to the whole process group, which ends the process because its scope does not listen to it: the guard survives.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard -Signal SIGUSR1 {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Reason)" -To log.txt
    Out-Line "exit block: $($_.Reason)"
}
