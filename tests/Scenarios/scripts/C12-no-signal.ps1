# No signal at all is no choice either.
. "$PSScriptRoot/../prelude.ps1"

foreach ($none in $null, @(), '') {
    try { Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' } -Signal $none }
    catch { Out-Line "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
}
Out-Line 'caller goes on'
