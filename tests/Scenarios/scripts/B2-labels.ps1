# break and continue with a label, named or computed, act on the loop of that name.
. "$PSScriptRoot/../prelude.ps1"

:outer foreach ($i in 1..3) {
    foreach ($j in 1..2) {
        Use-ExitHandler { if ($i -eq 2) { continue outer } } -OnExit { Out-Line "exit block $i $j" }
        Out-Line "rest of $i $j"
    }
}
$label = 'far'
:far while ($true) {
    while ($true) {
        Use-ExitHandler { break $label } -OnExit { Out-Line 'exit block' }
        Out-Line 'not reached'
    }
    Out-Line 'not reached either'
}
Out-Line 'caller goes on'
