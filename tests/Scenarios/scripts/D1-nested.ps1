# Nested scopes, each with a grace period: the inner one drains, then its exit block; the outer one drains, then its own.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        Out-Line 'ready'
        $null = Wait-ExitRequest
        Out-Line 'inner body ends by itself'
    } -OnExit { Out-Line "inner exit block: $($_.Signal)" } -GracePeriodSeconds 20 -Append
    Out-Line "outer body goes on: $(Wait-ExitRequest 0)"
} -OnExit { Out-Line "outer exit block: $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
