# A class that is defined elsewhere is warned of, by name, when the scope begins; the other exit blocks run.
. "$PSScriptRoot/../prelude.ps1"

. ([scriptblock]::Create('class Elsewhere { static [string] $Name = "elsewhere" }'))
Use-ExitHandler -Guard {
    foreach ($warning in $warnings) { Out-Line ("$warning" -replace ',.*') }
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit { if ($_.Reason -eq 'Killed') { Out-Line 'without it' } else { [Elsewhere]::Name } }, {
    $null = [System.Collections.Generic.Dictionary[string, Elsewhere[]]]
    Out-Line 'goes on'
}, {
    Out-Line 'last'
} -WarningVariable warnings 3> $null
