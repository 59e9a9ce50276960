. "$PSScriptRoot/../prelude.ps1" -NoModule

Out-Line 'before'
throw 'thrown by the script'
