# An exit block that is null or no script block is refused; the body does not run.
. "$PSScriptRoot/../prelude.ps1"

$calls = [ordered] @{
    null        = { Use-ExitHandler { Out-Line 'not reached' } -OnExit $null }
    'null amid' = { Use-ExitHandler { Out-Line 'not reached' } -OnExit {}, $null, {} }
    unknown     = { Use-ExitHandler { Out-Line 'not reached' } -OnExit $function:NoSuchFunction }
    text        = { Use-ExitHandler { Out-Line 'not reached' } -OnExit 'text' }
    number      = { Use-ExitHandler { Out-Line 'not reached' } -OnExit {}, 5 }
}
foreach ($name in $calls.Keys) {
    try { & $calls[$name] }
    catch { Out-Line "${name}: $($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
}
Use-ExitHandler { Out-Line 'none at all is fine' } -OnExit @()
