# The example systemd/report.ps1.
param([int] $Sections = 60)
. "$PSScriptRoot/../prelude.ps1"

& "$PSScriptRoot/../../../examples/systemd/report.ps1" -Target report.txt -Sections $Sections
