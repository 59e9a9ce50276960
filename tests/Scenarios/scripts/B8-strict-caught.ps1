# In a caller that stops at errors, a failed exit block is an error to catch; the remaining exit blocks have run.
. "$PSScriptRoot/../prelude.ps1"

$ErrorActionPreference = 'Stop'
try {
    Use-ExitHandler { Out-Line 'body' } -OnExit { Write-Error 'broken in the exit block'; Out-Line 'not reached' }, { Out-Line 'last exit block' }
    Out-Line 'not reached either'
}
catch { Out-Line "caught: $($_.FullyQualifiedErrorId -replace ',.*')" }
