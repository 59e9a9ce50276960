# In a script that stops at errors, the refusal ends the old body as any error does: its exit block runs, status 1.
. "$PSScriptRoot/../prelude.ps1"

$ErrorActionPreference = 'Stop'
Use-ExitHandler {
    Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' }
    Out-Line 'not reached'
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.ErrorRecord.FullyQualifiedErrorId -replace ',.*')"
}
Out-Line 'not reached'
