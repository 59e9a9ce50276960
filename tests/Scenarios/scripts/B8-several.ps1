# Each exit block that throws is reported; by position and reason.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {} -OnExit { throw 'red' }, { Out-Line 'second' }, { throw 'blue' } 2>&1 |
    ForEach-Object { Out-Line "$($_.FullyQualifiedErrorId -replace ',.*') $($_.Exception.Message -match 'red') $($_.Exception.Message -match 'blue')" }
Out-Line 'caller goes on'
