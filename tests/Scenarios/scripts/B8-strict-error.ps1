# In a caller that stops at errors, the body's error still wins over the exit block's.
. "$PSScriptRoot/../prelude.ps1"

$ErrorActionPreference = 'Stop'
try {
    Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken in the exit block' }, { Out-Line 'last exit block' }
}
catch { Out-Line "caught: $_" }
Out-Line 'caller goes on'
