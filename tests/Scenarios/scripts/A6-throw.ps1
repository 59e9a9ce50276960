# An error passes through both scopes: both exit blocks run, inner first, each with the error, then the caller catches it.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler {
        Use-ExitHandler { throw 'broken' } -OnExit { Out-Line "inner exit block: $($_.ErrorRecord)" } -Append
        Out-Line 'more of the outer body'
    } -OnExit { Out-Line "outer exit block: $($_.ErrorRecord)" }
}
catch { Out-Line "caught: $_" }
Out-Line "`$Error: $($Error.Count)"
