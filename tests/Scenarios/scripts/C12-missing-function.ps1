# A function that does not exist, as body or as exit block: the error says what is the matter.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler $function:NoSuchFunction -OnExit { Out-Line 'not reached' }
Out-Line 'caller goes on'
Use-ExitHandler { Out-Line 'not reached' } -OnExit $function:NoSuchFunction
Out-Line 'caller goes on'
