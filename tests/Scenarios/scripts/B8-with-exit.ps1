# exit N is not lost when an exit block throws.
param([int] $Code)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { exit $Code } -OnExit { throw 'broken in the exit block' }, { Out-Line "last exit block: $($_.ExitCode)" }
Out-Line 'not reached'
exit 99
