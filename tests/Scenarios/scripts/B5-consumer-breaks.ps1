# A command behind the scope breaks out of the caller's loop: the exit block runs to its end first.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..3) {
    Use-ExitHandler { 'one'; Out-Line 'not reached' } -OnExit {
        Out-Line 'exit block begins'
        'dropped'
        Out-Line 'exit block ends'
    } | ForEach-Object { break }
    Out-Line 'not reached either'
}
Out-Line 'caller goes on'
