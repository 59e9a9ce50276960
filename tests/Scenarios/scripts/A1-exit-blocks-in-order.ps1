# Several exit blocks run in the order given, each once, each with the exit context.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line "first: $_" }, { Out-Line "second: $($args[0])" }, { Out-Line "third: $_" }
Out-Line 'caller goes on'
