# After a scope that an error ended, signals have their default effect.
. "$PSScriptRoot/../prelude.ps1"

try { Use-ExitHandler { throw 'broken' } -OnExit { Out-Line 'exit block' } } catch { Out-Line "caught: $_" }
Out-Line 'ready'
Wait-Forever
