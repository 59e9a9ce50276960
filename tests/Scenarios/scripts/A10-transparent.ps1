# Without -OnExit the body's output, error and exit go through as with an exit block.
. "$PSScriptRoot/../prelude.ps1"

Out-Line "output: $(Use-ExitHandler { 'one'; 'two' })"
try { Use-ExitHandler { throw 'broken' } } catch { Out-Line "caught: $_" }
Use-ExitHandler { exit 4 }
