# The message that a user sees.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' } -Signal SIGTERM, SIGKILL
Out-Line 'caller goes on'
Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' } -Signal SIGFOO
Out-Line 'caller goes on'
