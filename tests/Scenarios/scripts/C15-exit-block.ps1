# Three Ctrl+C at a terminal: the first ends the body, the second warns, the third abandons the exit block.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block begins: $($_.Signal)"
    Wait-Forever
}
Out-Line 'not reached'
