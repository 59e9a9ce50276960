# Without -Append a second scope is refused before its body starts; the old one goes on and is ended as ever.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    try {
        Use-ExitHandler { Out-Line 'not reached' } -OnExit { Out-Line 'not reached either' }
    }
    catch {
        Out-Line "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)"
    }
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($_.Signal)"
}
Out-Line 'caller goes on'
