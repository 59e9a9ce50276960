# -AfterSignal means nothing where no signal has ended the scope: its end, an error, a stop, another exit.
param([string] $After)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $After
try { Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $After }
catch { Out-Line "caught: $_" }
Use-ExitHandler { 'first', 'second' } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $After | Select-Object -First 1 | ForEach-Object { Out-Line $_ }
foreach ($turn in 1..2) { Use-ExitHandler { break } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $After }
Use-ExitHandler { exit 3 } -OnExit { Out-Line "exit block: $($_.Reason)" } -AfterSignal $After
Out-Line 'not reached'
