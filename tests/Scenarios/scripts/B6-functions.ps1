# Functions and aliases that the body defines are there for the exit block and the caller.
. "$PSScriptRoot/../prelude.ps1"

function Get-Name { 'old' }
Use-ExitHandler {
    function Get-Name { 'new' }
    function Stop-Work { "stopped $(Get-Name)" }
    Set-Alias -Name halt -Value Stop-Work
} -OnExit { Out-Line "exit block: $(Stop-Work), $(halt)" }
Out-Line "caller: $(Stop-Work), $(halt)"
