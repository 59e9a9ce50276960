. "$PSScriptRoot/../prelude.ps1" -NoModule

try {
    Out-Line 'ready'
    Wait-Forever
}
finally {
    Out-Line 'finally'
}
