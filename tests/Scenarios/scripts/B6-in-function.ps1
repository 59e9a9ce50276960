# In a function, the body's variables are the function's own: not those of its caller, and gone with it.
. "$PSScriptRoot/../prelude.ps1"

$value = 'script'
function Start-Work {
    param($Parameter)
    Use-ExitHandler {
        $value = 'function'
        $Parameter = "changed $Parameter"
        $own = 'own'
    } -OnExit { Out-Line "exit block: $value, $Parameter, $own" }
    Out-Line "function: $value, $Parameter, $own"
}

Start-Work 'parameter'
Out-Line "script: $value, own: '$own', parameter: '$Parameter'"
