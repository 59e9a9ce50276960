# A notify socket that is not there, or no name for one, keeps nothing from ending.
param([string] $Name)
. "$PSScriptRoot/../prelude.ps1"

$env:NOTIFY_SOCKET = $Name
Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal)" }
Out-Line 'caller goes on'
