# In the text of -Command or -EncodedCommand.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

$text = ". '$PSScriptRoot/../prelude.ps1'; " + @'
Use-ExitHandler { 'body' } -OnExit { "exit block: $($_.Reason)" }
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { "exit block: $($_.Reason)" }
try { Use-ExitHandler { throw 'broken' } -OnExit { "exit block: $($_.Reason)" } } catch { "caught: $_" }
Use-ExitHandler { exit 5 } -OnExit { "exit block: $($_.Reason)" }
'not reached'
'@
if ($How -eq 'EncodedCommand') { $text = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($text)) }
& ([Environment]::ProcessPath) -NoProfile -NonInteractive "-$How" $text
Out-Line "status: $LASTEXITCODE"
