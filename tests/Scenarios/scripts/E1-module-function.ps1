# Functions of a module, its private ones and its variables come along; so do using statements and $PSScriptRoot.
using namespace System.IO

. "$PSScriptRoot/../prelude.ps1"

$module = New-Module -Name Cleaner -ScriptBlock {
    $prefix = 'module says'
    function Hidden($Text) { "${script:prefix} $Text" }
    function Clear-All { Hidden 'all clear' }
    Export-ModuleMember -Function Clear-All
}
Import-Module $module
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
