# After a signal too, an exit block that throws keeps neither the others nor the caller from going on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { throw 'broken in the exit block' }, { Out-Line "last exit block: $($_.Signal)" }
Out-Line 'caller goes on'
