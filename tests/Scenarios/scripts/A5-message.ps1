# The error tells where the active scope began and what to do; without try it is shown and the old body goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { # line 4
    Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' }
    Out-Line 'old body goes on'
} -OnExit {
    Out-Line "exit block: $_"
}
Out-Line 'caller goes on'
