# A scope in a module's function: its exit block sees the module's private function and variables in the rescue.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"
Import-Module "$PSScriptRoot/../fixtures/Server.psm1"

Start-Server -CleanUp
Out-Line 'caller goes on'
