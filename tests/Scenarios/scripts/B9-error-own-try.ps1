# A try within the body catches there; the exit block then tells of no error.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    try { 1 / 0; Out-Line 'not reached' } catch { Out-Line "body caught: $_" }
    try { throw 'broken' } catch { Out-Line "body caught: $_" }
} -OnExit {
    Out-Line "exit block: $($_.Reason) '$($_.ErrorRecord)'"
    try { 1 / 0; Out-Line 'not reached' } catch { Out-Line "exit block caught: $_" }
}
Out-Line 'caller goes on'
