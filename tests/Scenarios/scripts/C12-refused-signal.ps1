# What can't be caught or isn't known is refused with an error that names what is allowed; nothing runs, nothing is registered.
param([string] $Given)
. "$PSScriptRoot/../prelude.ps1"

# Several, separated by commas; what looks like a number is one.
$signals = foreach ($item in $Given -split ',') { if ($item -match '^-?\d+$') { [int] $item } else { $item } }
try { Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' } -Signal $signals }
catch {
    Out-Line "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)"
    Out-Line "names what is allowed: $($_.Exception.Message -match 'SIGTERM.*SIGINT.*SIGHUP')"
    Out-Line "names what was given: $($_.Exception.Message -match "'$(($Given -split ',')[-1])'")"
}
Out-Line 'ready'
Wait-Forever
