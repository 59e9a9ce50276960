# The body's own error is not lost when an exit block throws: the caller catches the body's.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler { throw 'broken in the body' } -OnExit { throw 'broken in the exit block' }, { Out-Line "last exit block: $($_.ErrorRecord)" }
}
catch { Out-Line "caught: $_" }
Out-Line 'caller goes on'
