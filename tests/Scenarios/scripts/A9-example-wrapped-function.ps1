# The example wrapped-function.ps1: a signal ends the wrapped function, its clean-up runs, the script goes on.
. "$PSScriptRoot/../prelude.ps1"

& "$PSScriptRoot/../../../examples/wrapped-function.ps1" -Name Ada
