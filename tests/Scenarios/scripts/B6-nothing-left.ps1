# Nothing but what body and exit block assign is left in the caller's scope, and short names there are safe.
. "$PSScriptRoot/../prelude.ps1"

function Get-LocalName { (Get-Variable -Scope 1).Name }
function Start-Work {
    $a, $b, $c, $g, $s, $w = 'a', 'b', 'c', 'g', 's', 'w'
    $added = $before = $null
    $before = Get-LocalName
    Use-ExitHandler {
        Out-Line "body: $a$b$c$g$s$w"
        $a = 'A'
    } -OnExit {
        Out-Line "exit block: $a$b$c$g$s$w"
        $s = 'S'
    } -ArgumentList 'argument'
    # $_ is listed once it has been given to anybody; it is empty again.
    $added = Get-LocalName | Where-Object { $_ -notin $before -and $_ -ne '_' }
    if ($null -ne $_) { $added += '_' }
    Out-Line "caller: $a$b$c$g$s$w, added: '$added'"
}

Start-Work
