# In a strict caller: an end, a signal, an error and an exit work as anywhere.
. "$PSScriptRoot/../prelude.ps1"

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line "exit block: $($_.Reason)" } -ExitVariable context
Out-Line "context: $($context.Signal) $($context.ErrorRecord) $($context.RequestedAt)"
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Reason)" }
try { Use-ExitHandler { $unset } -OnExit { Out-Line "exit block: $($_.Reason)" } } catch { Out-Line "caught: $($_.FullyQualifiedErrorId)" }
try { Use-ExitHandler { Get-Item /no/such/file; Out-Line 'not reached' } -OnExit { Out-Line "exit block: $($_.Reason)" } } catch { Out-Line "caught: $($_.CategoryInfo.Category)" }
Use-ExitHandler { exit 5 } -OnExit { Out-Line "exit block: $($_.Reason)" }
