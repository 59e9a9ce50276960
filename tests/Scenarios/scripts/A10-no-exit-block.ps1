# Without -OnExit a signal still ends the body quietly.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -ExitVariable context
Out-Line "caller goes on: $($context.Reason) $($context.Signal)"
