# One line at the top, no block around the script: the working directory is removed whatever ends the script.
#
#     pwsh -File clean-at-exit.ps1

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

Register-ExitHandler { if ($work) { Remove-Item -LiteralPath $work -Recurse -Force; "Removed $work, because of $($_.Signal ?? $_.Reason)" } }

# The handler sees $work as it is at the end: the script sets it only now.
$work = Join-Path ([System.IO.Path]::GetTempPath()) "work-$PID"
$null = New-Item -ItemType Directory -Path $work
"This is process $PID, working in $work. Stop it with Ctrl+C, kill it, or wait for its end."

foreach ($second in 1..60) {
    Set-Content -LiteralPath "$work/part-$second" -Value $second
    Start-Sleep -Seconds 1
}
