# break passes through nested scopes, inner exit block first, to the loop around both.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..2) {
    Use-ExitHandler {
        Use-ExitHandler { break } -OnExit { Out-Line 'inner exit block' } -Append
        Out-Line 'not reached'
    } -OnExit { Out-Line 'outer exit block' }
    Out-Line 'not reached either'
}
Out-Line 'caller goes on'
