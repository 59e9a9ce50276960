# continue in the body: the exit block runs, then the caller's loop goes on with its next turn.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..3) {
    Use-ExitHandler { if ($i -ne 2) { continue }; Out-Line "body of $i ends" } -OnExit { Out-Line "exit block $i" }
    Out-Line "rest of $i"
}
switch (1, 2) {
    default { Use-ExitHandler { continue } -OnExit { Out-Line 'switch' }; Out-Line 'not reached' }
}
Out-Line 'caller goes on'
