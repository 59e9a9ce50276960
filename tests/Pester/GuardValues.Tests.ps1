# Each test kills its process as the body's first act: what its guard then knows is what this file is about.
# It is a shell that has to start: on a busy machine it may outlive its owner by more than the usual limit.
Describe '-Guard: what the guard knows' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'values are as they were when the scope began, with their types; also if they take more than a pipe holds' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 {
            function Show($Label, $Value) { Out-Line "${Label}: $(if ($null -eq $Value) { 'null' } else { $Value.GetType().Name }) $Value" }

            $text = 'déjà vu'
            $number = 42
            $real = 1.5
            $flag = $true
            $moment = [datetime]'2026-01-02T03:04:05Z'
            $span = [timespan]'1.02:03:04'
            $words = [string[]]('a', 'b')
            $mixed = 'a', 1, $null
            $single = , 'only'
            $empty = @()
            $table = @{ Path = '/tmp/x'; Nested = @{ Deep = 1, 2 } }
            $ordered = [ordered]@{ z = 1; a = 2 }
            $object = [pscustomobject]@{ Name = 'n'; Items = 1, 2 }
            $day = [DayOfWeek]::Friday
            $file = [System.IO.FileInfo]'/tmp/some.txt'
            $address = [ipaddress]'10.0.0.1'
            $list = [System.Collections.Generic.List[int]]@(3, 4)
            $block = { param($x) "block of $x" }
            $credential = [pscredential]::new('user', [System.Net.NetworkCredential]::new('', 'secret').SecurePassword)
            $process = [System.Diagnostics.Process]::GetProcessById([System.Environment]::ProcessId)
            $nothing = $null
            $big = 'x' * 5000000

            Use-ExitHandler -Guard {
                $text = 'changed'
                $table.Path = 'changed'
                $late = 'assigned in the body'
                Send-Signal KILL
                Wait-Forever
            } -OnExit {
                Show text $text
                Show number $number
                Show real $real
                Show flag $flag
                Show moment $moment.ToUniversalTime().ToString('o')
                Show span $span
                Show words $words
                Show mixed $mixed
                Out-Line "$($mixed.Length) $($null -eq $mixed[2])"
                Out-Line "single: $($single.GetType().Name) $($single.Length), empty: $($empty.GetType().Name) $($empty.Length)"
                Out-Line "table: $($table.path) $($table.Nested.Deep -join '+')"
                Out-Line "ordered: $($ordered.GetType().Name) $($ordered.Keys -join ',') $($ordered.A)"
                Out-Line "object: $($object.Name) $($object.Items -join '+') $($object.GetType().Name)"
                Show day $day
                Show file $file
                Show address $address
                Show list ($list -join '+')
                Out-Line "list: $($list.GetType().Name)"
                Show block (& $block 5)
                Out-Line "credential: $($credential.UserName) $($credential.GetNetworkCredential().Password)"
                Out-Line "process: $($null -eq $process)"
                Show nothing $nothing
                Show late $late
                Out-Line "big: $($big.Length)"
            }
        }
        $run | Assert-Run -Status SIGKILL -Output @(
            'text: String déjà vu'
            'number: Int32 42'
            'real: Double 1.5'
            'flag: Boolean True'
            'moment: String 2026-01-02T03:04:05.0000000Z'
            'span: TimeSpan 1.02:03:04'
            'words: String[] a b'
            'mixed: Object[] a 1 '
            '3 True'
            'single: Object[] 1, empty: Object[] 0'
            'table: /tmp/x 1+2'
            'ordered: OrderedDictionary z,a 2'
            'object: n 1+2 PSCustomObject'
            'day: DayOfWeek Friday'
            'file: FileInfo /tmp/some.txt'
            'address: IPAddress 10.0.0.1'
            'list: String 3+4'
            'list: List`1'
            'block: String block of 5'
            'credential: user secret'
            'process: True'
            'nothing: null '
            'late: null '
            'big: 5000000'
        )
    }

    It 'variables that can''t be passed on, and a class that is defined elsewhere: a warning names them when the scope begins; the other exit blocks run' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 {
            class Settings { [string] $Path = '/tmp/x'; [void] Save() { } }

            . ([scriptblock]::Create('class Elsewhere { static [string] $Name = "elsewhere" }'))
            $listener = [System.Net.HttpListener]::new()
            $file = [System.IO.File]::OpenRead($PSCommandPath)
            $settings = [Settings]::new()
            $unnamed = [System.Net.HttpListener]::new()
            Use-ExitHandler -Guard {
                foreach ($warning in $warnings) { Out-Line ("$warning" -replace '(?<=[\])]).*') }
                Send-Signal KILL
                Wait-Forever
            } -OnExit {
                if ($_.Reason -ne 'Killed') { $listener.Stop() }
                Out-Line "listener: $($null -eq $listener), file: $($null -eq $file), settings: $($settings.Path)"
            }, {
                if ($_.Reason -eq 'Killed') { Out-Line 'without it' } else { [Elsewhere]::Name }
            }, {
                $null = [System.Collections.Generic.Dictionary[string, Elsewhere[]]]
                Out-Line 'goes on'
            }, {
                Out-Line 'last'
            } -WarningVariable warnings 3> $null
        }
        $run | Assert-Run -Status SIGKILL -ErrorMatch 'Unable to find type' -Output @(
            '$listener (System.Net.HttpListener)'
            '$file (System.IO.FileStream)'
            '$settings (Settings)'
            'The guard will not have the type [Elsewhere]'
            'listener: True, file: True, settings: /tmp/x'
            'without it', 'goes on', 'last'
        )
    }

    It 'classes and enumerations that exit blocks and their functions name go along, and no others' -Tag E1 {
        Skip-Unless -Linux
        # "using" stands first in a script, so this one is text.
        $script = @'
using namespace System.IO

. $env:PRELUDE

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
    Send-Signal KILL
    Wait-Forever
} -OnExit {
    foreach ($room in Get-Rooms) { Out-Line "$room $($room.Level) $($room -is [Place]) $($null -eq ('Unused' -as [type]))" }
}, {
    Out-Line (Format-Place ([Room]::new('/a/d')))
} -WarningVariable warnings 3> $null
'@
        Set-Content $TestDrive/classes.ps1 $script
        $run = Start-Script -LeftoverLimit 20 -Path $TestDrive/classes.ps1 -Environment @{ PRELUDE = "$PSScriptRoot/Harness/prelude.ps1" }
        $run | Assert-Run -Output 'at b High True True', 'at c High True True', 'at d' -Status SIGKILL
    }

    It 'the modules of functions that are named; filters, aliases, using statements and $PSScriptRoot' -Tag E1 {
        Skip-Unless -Linux
        @'
# A function that needs a private one and a variable.
$prefix = 'module says'
function Hidden($Text) { "$script:prefix $Text" }
function Clear-All { Hidden 'all clear' }
Export-ModuleMember -Function Clear-All
'@ | Set-Content $TestDrive/Cleaner.psm1
        @'
using namespace System.IO

. $env:PRELUDE

Import-Module "$PSScriptRoot/Cleaner.psm1"
filter Add-Mark { "$_!" }
Set-Alias -Name wipe -Value Clear-All
Use-ExitHandler -Guard { Send-Signal KILL; Wait-Forever } -OnExit {
    Out-Line (Clear-All)
    Out-Line (wipe)
    Out-Line ([string](1, 2 | Add-Mark))
    Out-Line ([Path]::GetFileName($PSScriptRoot))
}
'@ | Set-Content $TestDrive/module.ps1
        $run = Start-Script -LeftoverLimit 20 -Path $TestDrive/module.ps1 -Environment @{ PRELUDE = "$PSScriptRoot/Harness/prelude.ps1" }
        $run | Assert-Run -Output 'module says all clear', 'module says all clear', '1! 2!', (Split-Path -Leaf $TestDrive) -Status SIGKILL
    }
}
