# break in the body is not lost when an exit block throws.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..3) {
    Use-ExitHandler { break } -OnExit { throw 'broken in the exit block' }
    Out-Line 'not reached'
}
Out-Line "caller goes on: $i"
