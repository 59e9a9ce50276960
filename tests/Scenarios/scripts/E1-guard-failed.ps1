# No process can be started with an environment that is too big: an error before the body runs; the scope leaves nothing behind.
. "$PSScriptRoot/../prelude.ps1"

$env:TOO_BIG = 'x' * 3000000
try {
    Use-ExitHandler -Guard { Out-Line 'body: not reached' } -OnExit { Out-Line 'exit block: not reached' }
}
catch {
    Out-Line "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category)"
}

Remove-Item Env:/TOO_BIG
Use-ExitHandler -Guard { Out-Line 'body' } -OnExit { Out-Line "exit block: $($_.Reason)" }
