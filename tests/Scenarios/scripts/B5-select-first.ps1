# Select-Object -First has enough: the exit block runs to its end, its output is dropped, the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'one'
    Out-Line 'not reached'
} -OnExit {
    Out-Line "exit block begins: $($_.Reason)"
    'dropped'
    Write-Output 'dropped too' | ForEach-Object { $_ }
    Out-Line 'exit block ends'
}, {
    Out-Line 'second exit block begins'
    'dropped'
    Out-Line 'second exit block ends'
} | Select-Object -First 1
Out-Line 'caller goes on'
