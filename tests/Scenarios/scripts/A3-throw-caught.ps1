# The body throws: the exit block runs, then the caller catches the same error by its type: same exception, message and position.
. "$PSScriptRoot/../prelude.ps1"

$thrown = [System.IO.FileNotFoundException]::new('no such thing')
try {
    Use-ExitHandler {
        Out-Line 'body'
        throw $thrown # line 8
    } -OnExit {
        Out-Line "exit block: $($_.Reason) $($_.ExitCode) $($_.ErrorRecord)"
    }
    Out-Line 'not reached'
}
catch [System.IO.FileNotFoundException] {
    Out-Line "caught: $_"
    Out-Line "same exception: $([object]::ReferenceEquals($_.Exception, $thrown))"
    Out-Line "line $($_.InvocationInfo.ScriptLineNumber): $($_.InvocationInfo.Line.Trim())"
    Out-Line "error id: $($_.FullyQualifiedErrorId), `$Error: $($Error.Count)"
}
Out-Line 'caller goes on'
