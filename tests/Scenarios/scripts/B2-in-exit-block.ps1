# A stray break or continue ends its exit block only; the others run and the caller's loop does not notice.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..2) {
    Use-ExitHandler { Out-Line "body $i" } -OnExit { break; Out-Line 'not reached' }, { continue; Out-Line 'not reached' }, { Out-Line "last exit block $i" }
    Out-Line "rest of $i"
}
