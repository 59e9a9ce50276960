# Nested scopes: one guard, the newest scope's exit block first, each with the values of its own begin; ended scopes are left out.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

$value = 'outer'
Use-ExitHandler -Guard {
    Use-ExitHandler -Guard { } -OnExit { Out-Line "first inner exit block: $($_.Reason)" } -Append
    $value = 'inner'
    Use-ExitHandler -Append {
        Use-ExitHandler -Guard -Append {
            Out-Line "guards: $(@(Get-Child).Count)"
            Out-Line 'ready'
            Wait-Forever
        } -OnExit {
            Out-Line "inner exit block: $value"
        }
    } -OnExit {
        Out-Line 'not guarded: not reached'
    }
} -OnExit {
    Out-Line "outer exit block: $value"
}
