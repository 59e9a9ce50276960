# An exit block may begin a scope of its own, after a signal too.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Use-ExitHandler { Out-Line "body within the exit block: $($_.IsExitRequested)" } -OnExit { Out-Line "its exit block: $_" } -Append
    Out-Line "exit block goes on: $_"
}
Out-Line 'caller goes on'
