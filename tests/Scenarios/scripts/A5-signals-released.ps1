# A refused scope leaves no trace: no -ExitVariable, no signal that stays taken, and a new scope can begin after the old one.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    $_ = 'mine'
    try { Use-ExitHandler {} -Signal SIGUSR1 -ExitVariable context } catch { Out-Line 'refused' }
    Out-Line "`$context: '$context', `$_: $_"
} -OnExit { Out-Line 'old exit block' } -Signal SIGHUP

Use-ExitHandler { Out-Line 'new body' } -OnExit { Out-Line 'new exit block' }
Out-Line 'ready'
Wait-Forever
