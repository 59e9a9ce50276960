# Each scope of a script can be ended by a signal.
. "$PSScriptRoot/../prelude.ps1"

foreach ($name in 'first', 'second', 'third') {
    Use-ExitHandler {
        Out-Line "$name is ready"
        Wait-Forever
    } -OnExit { Out-Line "$name exit block: $($_.Signal)" }
}
Out-Line 'caller goes on'
