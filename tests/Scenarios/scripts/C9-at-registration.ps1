# A signal between registration and the body's first statement, sent by whoever reads the timeline: nothing is lost or hangs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Signal)"
} -Verbose 4>&1 | ForEach-Object -Begin { $sent = $false } -Process {
    if (-not $sent) {
        $sent = $true
        Out-Line "first record: $($_ -match 'registered')"
        Send-Signal SIGTERM
    }
}
Out-Line 'caller goes on'
