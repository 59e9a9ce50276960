# Variables that the body assigns are the caller's: the exit block sees them, after a signal too, and so does the caller.
. "$PSScriptRoot/../prelude.ps1"

$before = 'old'
Use-ExitHandler {
    $before = 'new'
    $listener = 'listening'
    $list = [System.Collections.ArrayList]::new()
    $null = $list.Add('body')
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $before, $listener, $list"
    $listener = 'closed'
    $null = $list.Add('exit block')
    $cleaned = $true
}
Out-Line "caller: $before, $listener, $list, $cleaned"
