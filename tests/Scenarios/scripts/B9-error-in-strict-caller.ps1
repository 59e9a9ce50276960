# In a caller that stops at errors, a statement's error ends the body and, uncaught, the script: status 1.
. "$PSScriptRoot/../prelude.ps1"

$ErrorActionPreference = 'Stop'
Use-ExitHandler {
    1 / 0
    Out-Line 'not reached'
} -OnExit { Out-Line "exit block: $($_.Reason)" }
Out-Line 'not reached either'
