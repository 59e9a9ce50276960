# Select-Object -First has enough amid the exit block: it runs to its end all the same.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { 'body' } -OnExit {
    Out-Line 'exit block begins'
    'exit output'
    'dropped'
    Out-Line 'exit block ends'
}, { 'dropped'; Out-Line 'second exit block' } | Select-Object -First 2
Out-Line 'caller goes on'
