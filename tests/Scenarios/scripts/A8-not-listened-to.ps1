# A signal that is not in -Signal has its default effect even while the body runs: SIGTERM kills.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line 'exit block' } -Signal SIGINT
