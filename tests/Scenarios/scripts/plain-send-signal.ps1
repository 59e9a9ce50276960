. "$PSScriptRoot/../prelude.ps1" -NoModule

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Out-Line 'before' -To log.txt
Send-Signal SIGTERM
Wait-Forever
