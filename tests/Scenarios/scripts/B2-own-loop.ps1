# break and continue of a loop within the body stay there.
. "$PSScriptRoot/../prelude.ps1"

foreach ($i in 1..2) {
    Use-ExitHandler {
        foreach ($j in 1..5) { if ($j -eq 1) { continue }; break }
        Out-Line "body goes on with $j"
    } -OnExit { Out-Line "exit block $i" }
    Out-Line "rest of $i"
}
