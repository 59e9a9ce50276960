# Outside every scope Wait-ExitRequest is an error to catch: nothing could ever request an exit.
. "$PSScriptRoot/../prelude.ps1"

try { Wait-ExitRequest 1; Out-Line 'not reached' }
catch { Out-Line "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }
Use-ExitHandler { Out-Line (Wait-ExitRequest 0) }
try { Wait-ExitRequest; Out-Line 'not reached' }
catch { Out-Line "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)" }
foreach ($seconds in -1, 1e9, [double]::NaN, 'soon') {
    try { Wait-ExitRequest $seconds; Out-Line 'not reached' } catch { Out-Line $_.FullyQualifiedErrorId }
}
