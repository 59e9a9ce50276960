# Streams can be redirected into files.
. "$PSScriptRoot/../prelude.ps1"

$directory = $env:SCENARIO_TEMP
Use-ExitHandler {
    'output'
    Write-Warning 'warning'
    Write-Host 'host'
    Write-Verbose 'verbose' -Verbose
} -OnExit {
    Write-Warning 'exit warning'
    'exit output'
} > "$directory/output.txt" 3> "$directory/warnings.txt" 6> "$directory/host.txt" 4> "$directory/verbose.txt"

Use-ExitHandler { 'first'; Write-Host 'second' } -OnExit { 'third' } *> "$directory/all.txt"
Use-ExitHandler { 'fourth' } -OnExit { 'fifth' } *>> "$directory/all.txt"
Out-Line 'caller goes on'
