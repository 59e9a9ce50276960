# The example handle-exit.ps1: ended by its own signal, it cleans up and goes on.
. "$PSScriptRoot/../prelude.ps1"

& "$PSScriptRoot/../../../examples/handle-exit.ps1"
