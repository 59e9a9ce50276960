# An exit block that throws is reported as a non-terminating error; the remaining exit blocks run; the caller goes on.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit {
    Out-Line 'first'
}, {
    throw 'broken in the second'
    Out-Line 'not reached'
}, {
    Out-Line 'third'
} -ErrorVariable errors
Out-Line "caller goes on: $($errors[-1].FullyQualifiedErrorId)"
