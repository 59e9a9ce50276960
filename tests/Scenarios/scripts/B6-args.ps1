# The caller's $args, its parameters and $PSBoundParameters are as before; the body has $args of its own.
. "$PSScriptRoot/../prelude.ps1"

function Start-Loose {
    Use-ExitHandler { Out-Line "body: $args" } -OnExit { Out-Line "exit block: $args" } -ArgumentList 1, 2
    Out-Line "function: $args"
}
function Start-Bound([string] $Name) {
    Use-ExitHandler { param($Given) Out-Line "body: $Given, bound: $($PSBoundParameters.Keys)" } -ArgumentList 'x' -OnExit {}
    Out-Line "function: $Name, bound: $($PSBoundParameters.Keys) $($PSBoundParameters.Name)"
}

Start-Loose a b c
Start-Bound -Name 'n'
