# The example queue-worker.ps1: what was at hand when it was asked to end is done, the rest is left.
param([int] $Items = 3)
. "$PSScriptRoot/../prelude.ps1"

$spool = "$env:SCENARIO_TEMP/spool"
$null = [System.IO.Directory]::CreateDirectory("$spool/new")
for ($number = 1; $number -le $Items; $number++) { [System.IO.File]::WriteAllText("$spool/new/$number.txt", 'work') }
& "$PSScriptRoot/../../../examples/queue-worker.ps1" -Spool $spool -PollSeconds 3600 | ForEach-Object {
    Out-Line $_.Replace($spool, 'SPOOL').Replace("process $PID", 'process PID')
}
Out-Line (('new', 'taken', 'done' | ForEach-Object { "${_}: $([System.IO.Directory]::GetFiles("$spool/$_") | Sort-Object | ForEach-Object { [System.IO.Path]::GetFileName($_) })" }) -join '; ')
