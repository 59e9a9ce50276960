# Without try, a statement's error is shown and the body goes on with its next statement, as in `. { }`.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    1 / 0
    Out-Line 'after the division'
    [int]::Parse('x')
    Out-Line 'after the method'
    Get-Item -NoSuchParameter
    Out-Line 'after the call'
} -OnExit { Out-Line "exit block: $($_.Reason)" }
Out-Line "caller goes on: $($Error.Count) errors"
