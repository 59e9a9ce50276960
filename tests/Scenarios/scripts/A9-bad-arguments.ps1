# Arguments that do not fit the function are an error of the body: the exit block runs, the caller catches it.
. "$PSScriptRoot/../prelude.ps1"

function main([int] $Count) { Out-Line 'not reached' }

try { Use-ExitHandler $function:main -OnExit { Out-Line "exit block: $($_.Reason)" } -ArgumentList 'many' }
catch { Out-Line $_.FullyQualifiedErrorId }
