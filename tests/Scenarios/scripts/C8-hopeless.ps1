# An exit block that can't be stopped: the process exits, with the status that it was on its way to, and says why.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    if ($How -eq 'exit') { exit 5 }
    Send-Signal SIGHUP
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
    [regex]::IsMatch(('a' * 40) + '!', '^(a+)+$')
} -ExitTimeoutSeconds 0.5 -StopTimeoutSeconds 0.5
Out-Line 'not reached'
