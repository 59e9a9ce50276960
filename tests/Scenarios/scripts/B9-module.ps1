# In a module's function, with the module's blocks and variables and with the caller's.
. "$PSScriptRoot/../prelude.ps1"
Import-Module "$PSScriptRoot/../fixtures/Worker.psm1"

$name = 'caller'
Start-Worker
Invoke-Worker { Out-Line "body: $name, $($_.IsExitRequested)"; $made = 'by the body' } { Out-Line "exit block: $name, $made, $($_.Reason), $($args[0].Reason)" }
Invoke-Worker { Send-Signal SIGTERM; Wait-Forever } { Out-Line "exit block: $($_.Reason)" }
try { Invoke-Worker { throw 'broken' } { Out-Line "exit block: $($_.Reason)" } } catch { Out-Line "caught: $_" }
Out-Line "caller goes on: $name, '$made', '$_'"
Invoke-Worker { exit 5 } { Out-Line "exit block: $($_.Reason)" }
