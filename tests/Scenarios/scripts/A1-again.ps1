# A scope that has ended leaves room for the next one, without -Append.
. "$PSScriptRoot/../prelude.ps1"

foreach ($number in 1..3) {
    Use-ExitHandler { Out-Line "body $number" } -OnExit { Out-Line "exit block $number" }
}
Out-Line 'caller goes on'
