# Three scopes deep, through functions and a loop: each exit block once, newest first.
. "$PSScriptRoot/../prelude.ps1"

function Start-Third {
    Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line 'third exit block' } -Append
    Out-Line 'more of the function'
}

Use-ExitHandler {
    foreach ($number in 1..2) {
        Use-ExitHandler {
            Start-Third
            Out-Line 'more of the second body'
        } -OnExit { Out-Line 'second exit block' } -Append
        Out-Line 'more of the loop'
    }
    Out-Line 'more of the first body'
} -OnExit { Out-Line 'first exit block' }
Out-Line 'caller goes on'
