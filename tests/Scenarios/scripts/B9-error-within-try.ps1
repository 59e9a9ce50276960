# Within the caller's try, a statement's error ends the body, as in `. { }`: also when a function is in between.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work { Use-ExitHandler { [int]::Parse('x'); Out-Line 'not reached' } -OnExit { Out-Line "exit block: $($_.Reason)" }; Out-Line 'not reached either' }

try { Use-ExitHandler { 1 / 0; Out-Line 'not reached' } -OnExit { Out-Line "exit block: $($_.Reason)" }; Out-Line 'not reached either' }
catch { Out-Line "caught: $($_.Exception.GetType().Name)" }
try { Start-Work }
catch { Out-Line "caught: $($_.Exception.InnerException.GetType().Name)" }
Out-Line "caller goes on: $($Error.Count) errors"
