# Classes and enumerations of the script that exit blocks and their functions name go along, with all that these name.
using namespace System.IO

. "$PSScriptRoot/../prelude.ps1"

enum Level { Low; High }
class Unused { [void] Fail() { throw 'not needed' } }
class Place {
    static [string] $Prefix = 'at'
    [string] $Path
    Place([string] $path) { $this.Path = [Path]::GetFileName($path) }
    [string] ToString() { return Format-Place $this }
}
class Room : Place {
    [Level] $Level = [Level]::High
    Room([string] $path) : base($path) { }
}
function Format-Place([Place] $Place) { "$([Place]::Prefix) $($Place.Path)" }
function Get-Rooms { [System.Collections.Generic.List[Room]]@([Room]::new('/a/b'), [Room]::new('/a/c')) }

Use-ExitHandler -Guard {
    foreach ($warning in $warnings) { Out-Line "$warning" }
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    foreach ($room in Get-Rooms) { Out-Line "$room $($room.Level) $($room -is [Place]) $($null -eq ('Unused' -as [type]))" }
}, {
    Out-Line (Format-Place ([Room]::new('/a/d')))
} -WarningVariable warnings 3> $null
