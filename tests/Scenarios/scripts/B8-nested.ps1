# With nested scopes, a failing inner exit block keeps the outer one from nothing.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { throw 'broken in the inner exit block' } -Append
    Out-Line 'not reached'
} -OnExit { Out-Line 'outer exit block' }
Out-Line 'caller goes on'
