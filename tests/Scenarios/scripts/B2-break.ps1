# break in the body: the exit block runs, then the caller's loop ends; in every kind of loop.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..3) {
    Use-ExitHandler { if ($i -eq 2) { break } } -OnExit { Out-Line "foreach ${i}: $($_.Reason)" }
    Out-Line "rest of $i"
}
for ($i = 1; $i -le 3; $i++) {
    Use-ExitHandler { break } -OnExit { Out-Line "for $i" }
    Out-Line 'not reached'
}
$i = 0
while ($true) {
    $i++
    Use-ExitHandler { break } -OnExit { Out-Line "while $i" }
    Out-Line 'not reached'
}
do {
    Use-ExitHandler { break } -OnExit { Out-Line 'do' }
    Out-Line 'not reached'
} while ($true)
switch (1, 2) {
    default { Use-ExitHandler { break } -OnExit { Out-Line "switch $i" }; Out-Line 'not reached' }
}
Out-Line 'caller goes on'
