# Select-Object -First behind nested scopes: both exit blocks run to their end, inner first; the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { 'one'; Out-Line 'not reached' } -OnExit {
        'dropped'
        Out-Line "inner exit block: $($_.Reason)"
    } -Append
    Out-Line 'not reached either'
} -OnExit {
    'dropped'
    Out-Line "outer exit block: $($_.Reason)"
} | Select-Object -First 1
Out-Line 'caller goes on'
