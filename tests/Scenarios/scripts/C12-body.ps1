# A body that is missing, null or no script block is refused; the exit block does not run.
. "$PSScriptRoot/../prelude.ps1"

$calls = [ordered] @{
    missing  = { Use-ExitHandler -OnExit { Out-Line 'not reached' } }
    null     = { Use-ExitHandler $null -OnExit { Out-Line 'not reached' } }
    unknown  = { Use-ExitHandler $function:NoSuchFunction -OnExit { Out-Line 'not reached' } }
    text     = { Use-ExitHandler 'text' -OnExit { Out-Line 'not reached' } }
    number   = { Use-ExitHandler 5 -OnExit { Out-Line 'not reached' } }
}
foreach ($name in $calls.Keys) {
    try { & $calls[$name] }
    catch { Out-Line "${name}: $($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
}
