# The caller's $_ is as before, wherever it comes from: a pipeline, a catch block, a switch, the caller itself.
. "$PSScriptRoot/../prelude.ps1"

'one', 'two' | ForEach-Object {
    Use-ExitHandler { $null = $_.Token } -OnExit { $null = $_.Reason }
    Out-Line "pipeline: $_"
}
'three' | Where-Object { Use-ExitHandler {} -OnExit {}; $_ -eq 'three' } | ForEach-Object { Out-Line "filter: $_" }
try { throw 'error' }
catch {
    Use-ExitHandler {} -OnExit {}
    Out-Line "catch: $_"
}
switch ('four') { default { Use-ExitHandler {} -OnExit {}; Out-Line "switch: $_" } }
function Show-Input { process { try { Use-ExitHandler { throw 'x' } -OnExit {} } catch {}; Out-Line "function: $_" } }
'five', 'six' | Show-Input
& { Use-ExitHandler {} -OnExit {}; Out-Line "none: '$_'" }
$_ = 'own'
Use-ExitHandler { $_ = 'body' } -OnExit { Out-Line "exit block: $_"; $_ = 'exit block' }
Out-Line "caller: $_"
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit {}
Out-Line "after a signal: $_"
