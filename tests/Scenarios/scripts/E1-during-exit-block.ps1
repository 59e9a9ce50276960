# The process dies while it runs its second exit block: the guard runs the third, and not the second again.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'body'
} -OnExit {
    Out-Line "first: $($_.Reason)"
}, {
    Out-Line "second begins: $($_.Reason)"
    Out-Line 'ready'
    Wait-Forever
}, {
    Out-Line "third: $($_.Reason)"
}
