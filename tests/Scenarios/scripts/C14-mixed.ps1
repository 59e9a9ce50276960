# A signal ends nested scopes of which only the inner or only the outer one says that the process is to exit.
param([string] $Inner, [string] $Outer)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Use-ExitHandler {
        Out-Line 'ready'
        Wait-Forever
    } -OnExit { Out-Line 'inner exit block' } -AfterSignal $Inner -Append
    Out-Line 'not reached'
} -OnExit { Out-Line 'outer exit block' } -AfterSignal $Outer
Out-Line 'caller goes on'
