# Preferences that the body sets last, as after `. { }`; those that a function sets end with it.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work {
    Use-ExitHandler { $ErrorActionPreference = 'Stop' } -OnExit { Out-Line "exit block: $ErrorActionPreference" }
    Out-Line "function: $ErrorActionPreference"
}

Start-Work
Out-Line "script: $ErrorActionPreference"
