# -Signal: names with or without SIG, in any case, or numbers; a scope listens to these only.
param([string] $Given)
. "$PSScriptRoot/../prelude.ps1"

# Several, separated by commas; what looks like a number is one.
$signals = foreach ($item in $Given -split ',') { if ($item -match '^\d+$') { [int] $item } else { $item } }
Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Signal) $($_.ExitCode)"
} -Signal $signals
Out-Line 'caller goes on'
