# An error in a guarded exit block does not keep the next ones from running; a log file gets it too.
. "$PSScriptRoot/../prelude.ps1"

$env:GRACEFULEXIT_GUARD_LOG = "$env:SCENARIO_TEMP/guard.txt"
Use-ExitHandler -Guard {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line 'first'
    throw 'on purpose'
}, {
    Out-Line 'second'
    Write-Error 'not terminating'
    Out-Line 'second goes on'
}, {
    $log = [System.IO.File]::ReadAllText($env:GRACEFULEXIT_GUARD_LOG)
    Out-Line "log: $($log -match 'Exit block 1 of 3 failed: on purpose') $($log -match 'not terminating') $([System.IO.File]::GetUnixFileMode($env:GRACEFULEXIT_GUARD_LOG))"
}
