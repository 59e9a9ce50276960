# The exit block's output follows the body's, however the body ends.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { 'body 1' } -OnExit { 'exit block 1' }, { 'second exit block 1' }
try { Use-ExitHandler { 'body 2'; throw 'broken' } -OnExit { 'exit block 2' } } catch { "caught: $_" }
function Get-Both { Use-ExitHandler { 'body 3'; Send-Signal SIGTERM; Wait-Forever } -OnExit { 'exit block 3' } }
$both = Get-Both
"in a variable: $both"
foreach ($i in 1, 2) { Use-ExitHandler { 'body 4'; break } -OnExit { 'exit block 4' } }
Use-ExitHandler { 'body 5'; exit 5 } -OnExit { 'exit block 5'; Write-Warning 'of the exit block' }
