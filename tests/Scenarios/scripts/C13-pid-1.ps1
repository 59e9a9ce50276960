# The shell as process 1 of a namespace, as in a container: a signal from within ends the scope; the status is what -AfterSignal makes it.
param([string] $After, [string] $Signal)
. "$PSScriptRoot/../prelude.ps1" -NoModule

unshare --user --map-root-user --pid --fork ([Environment]::ProcessPath) -NoProfile -NonInteractive -File "$PSScriptRoot/../fixtures/pid-1.ps1" $After $Signal | ForEach-Object { Out-Line $_ }
Out-Line "status: $LASTEXITCODE"
