# A shell that was started with standard output closed: the exit block runs to its end.
. "$PSScriptRoot/../prelude.ps1"

$script = [System.IO.Path]::Combine($env:SCENARIO_TEMP, 'silent.ps1')
[System.IO.File]::WriteAllText($script, @"
. '$PSScriptRoot/../prelude.ps1'
Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit {
    Out-Line 'exit block begins' -To log.txt
    'nowhere'
    Out-Line 'exit block ends' -To log.txt
}
Out-Line 'caller goes on' -To log.txt
"@)
/bin/sh -c 'exec "$0" -NoProfile -NonInteractive -File "$1" >&-' ([Environment]::ProcessPath) $script
Out-Line "status: $LASTEXITCODE"
