# The scope is in a script that another one calls, and this one in a function: all of it ends, finally blocks first.
param([string] $After)
. "$PSScriptRoot/../prelude.ps1"

function Invoke-Script {
    try {
        & "$PSScriptRoot/C14-after.ps1" $After
        Out-Line 'function goes on'
    }
    finally { Out-Line 'finally of the function' }
}

Invoke-Script
Out-Line 'calling script goes on'
