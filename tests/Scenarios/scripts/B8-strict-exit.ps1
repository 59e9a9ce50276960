# In a caller that stops at errors, exit N still wins over the exit block's error.
. "$PSScriptRoot/../prelude.ps1"

$ErrorActionPreference = 'Stop'
Use-ExitHandler { exit 7 } -OnExit { throw 'broken in the exit block' }, { Out-Line 'last exit block' }
Out-Line 'not reached'
