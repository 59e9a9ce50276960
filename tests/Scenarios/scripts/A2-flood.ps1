# A body that floods its output is stopped; not a line is cut, and the exit block's output follows.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    1..10 | ForEach-Object { 'flood' }
    Out-Line 'ready'
    while ($true) { 'flood' }
} -OnExit { "exit block: $($_.Signal)" }
'caller goes on'
