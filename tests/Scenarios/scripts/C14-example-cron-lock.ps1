# The example cron-lock.ps1.
param([switch] $Taken)
. "$PSScriptRoot/../prelude.ps1"

if ($Taken) { [System.IO.File]::WriteAllText('lock.pid', "another`n") }
& "$PSScriptRoot/../../../examples/cron-lock.ps1" -LockFile lock.pid
exit $LASTEXITCODE
