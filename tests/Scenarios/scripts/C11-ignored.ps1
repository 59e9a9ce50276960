# A signal that was ignored when the shell started stays ignored, while the scope runs and afterwards.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line "exit block: $($_.Signal)" }
Out-Line 'ready again'
Wait-Forever
