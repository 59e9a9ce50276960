# The body has ended by itself; what signals do to its exit block, and to the exit block of the scope around it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $outer = $_
    Use-ExitHandler { Out-Line 'body' } -OnExit {
        Out-Line 'exit block begins'
        $null = $outer.Token.WaitHandle.WaitOne(20000) # the signal has arrived
        Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
    } -Append
    Out-Line 'not reached'
} -OnExit { Out-Line "outer exit block: $($_.Signal)" } -ExitTimeoutSeconds 1
Out-Line 'caller goes on'
