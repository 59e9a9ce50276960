# An empty body and empty exit blocks are no mistake.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {} -OnExit {}
Use-ExitHandler {} -OnExit { Out-Line 'exit block of an empty body' }
Use-ExitHandler { Out-Line 'body with an empty exit block' } -OnExit {}
Use-ExitHandler -OnExit { Out-Line 'named' } -ScriptBlock { Out-Line 'both' }
Use-ExitHandler { Out-Line 'both' } { Out-Line 'by position' }
Out-Line 'caller goes on'
