# A command behind the scope throws: the exit block runs to its end, then the caller catches that error.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler { 'one'; Out-Line 'not reached' } -OnExit {
        Out-Line 'exit block begins'
        'dropped'
        Out-Line 'exit block ends'
    } | ForEach-Object { throw "no more than $_" }
}
catch { Out-Line "caught: $_" }
Out-Line 'caller goes on'
