# exit N within the text of -Command is the shell's status.
param([int] $Code)
. "$PSScriptRoot/../prelude.ps1"

$text = "Import-Module '$env:GRACEFULEXIT_MODULE'; Use-ExitHandler { 'body'; exit $Code } -OnExit { ""exit block: `$_"" }; 'not reached'"
& ([Environment]::ProcessPath) -NoProfile -NonInteractive -Command $text
Out-Line "status: $LASTEXITCODE"
exit 0
