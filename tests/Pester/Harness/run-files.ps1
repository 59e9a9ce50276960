# Runs files of tests, one after another, by run-file.ps1. run.ps1 starts this and writes a line for each file to its standard
# input: the arguments as JSON. After each file it gets the line -Done back. Ends with its input.
param([Parameter(Mandatory)] [string] $Done)

$ErrorActionPreference = 'Stop'

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $arguments = $line | ConvertFrom-Json -AsHashtable
    try { & "$PSScriptRoot/run-file.ps1" @arguments | Out-Host }
    catch { "$($_ | Out-String)" }
    [Console]::Out.WriteLine($Done)
}
