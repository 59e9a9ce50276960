# -ExitTimeoutSeconds holds in the guard too: the block is stopped, the next one runs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard -ExitTimeoutSeconds 0.5 {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line 'first'
    Wait-Forever
}, {
    Out-Line 'second'
}
