# Written errors are in $Error once each, newest first, also when they are redirected or silenced.
. "$PSScriptRoot/../prelude.ps1"

$Error.Clear()
Use-ExitHandler {
    Write-Error 'silenced' -ErrorAction SilentlyContinue
    Write-Error 'redirected'
    Write-Error 'ignored' -ErrorAction Ignore
} -OnExit {
    Write-Error 'of the exit block'
} 2>$null
Out-Line "`$Error: $($Error -join ', ')"
Out-Line $Error[1].FullyQualifiedErrorId
