# The body has ended by itself; what signals do to its exit block, and to the exit block of the scope around it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler { Out-Line 'body' } -OnExit {
        Out-Line 'exit block begins'
        Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
    } -Append
    Out-Line 'not reached'
} -OnExit { Out-Line "outer exit block: $($_.Signal)" } -TimeoutSeconds 1
Out-Line 'caller goes on'
