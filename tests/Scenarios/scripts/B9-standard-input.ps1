# In a script that the shell reads from standard input (-Command -).
. "$PSScriptRoot/../prelude.ps1"

$text = @"
. '$PSScriptRoot/../prelude.ps1'
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "exit block: `$(`$_.Reason)" }
Use-ExitHandler { Send-Signal SIGINT; Wait-Forever } -OnExit { Out-Line "exit block: `$(`$_.Reason)" }; Out-Line 'caller goes on'
Use-ExitHandler { exit 5 } -OnExit { Out-Line "exit block: `$(`$_.Reason)" }
Out-Line 'not reached'
"@
$text | & ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command -
Out-Line "status: $LASTEXITCODE"
