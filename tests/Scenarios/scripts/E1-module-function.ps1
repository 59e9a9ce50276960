# The modules of functions that are named are imported; filters, aliases, using statements and $PSScriptRoot come along.
using namespace System.IO

. "$PSScriptRoot/../prelude.ps1"

Import-Module "$PSScriptRoot/../fixtures/Cleaner.psm1"
filter Add-Mark { "$_!" }
Set-Alias -Name wipe -Value Clear-All
Use-ExitHandler -Guard {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line (Clear-All)
    Out-Line (wipe)
    Out-Line ([string](1, 2 | Add-Mark))
    Out-Line ([Path]::GetFileName($PSScriptRoot))
}
