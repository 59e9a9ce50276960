# $script:, $global:, $local: and -Scope 1 mean in body and exit block what they mean in the statement next to them.
. "$PSScriptRoot/../prelude.ps1"

$script:value = 'script'
$global:value2 = 'global'
function Start-Outer {
    $here = 'outer'
    Start-Inner
    Out-Line "outer: $here, $late"
}
function Start-Inner {
    $here = 'inner'
    $value = 'inner'
    Use-ExitHandler {
        Out-Line "body: $local:here, $script:value, $global:value2"
        $local:here = 'changed by the body'
        $script:value = 'script, by the body'
        $global:value2 = 'global, by the body'
        Set-Variable -Name here -Value 'outer, changed by the body' -Scope 1
    } -OnExit {
        Out-Line "exit block: $local:here, $script:value, $global:value2"
        $local:here = 'changed by the exit block'
        Set-Variable -Name late -Value 'set by the exit block' -Scope 1
    }
    Out-Line "inner: $here, $value"
}

Start-Outer
Out-Line "script: $script:value, $global:value2"
