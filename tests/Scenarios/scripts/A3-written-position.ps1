# An error that the body writes with Write-Error tells where: as in `. { }`, the call that runs the body.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler { # line 5
        Write-Error 'written' -ErrorAction Stop
    } -OnExit { Out-Line "exit block: $($_.ErrorRecord)" }
}
catch {
    Out-Line "caught: $_"
    Out-Line "position: $([System.IO.Path]::GetFileName($_.InvocationInfo.ScriptName)) line $($_.InvocationInfo.ScriptLineNumber)"
}
Use-ExitHandler { Write-Error 'shown' } # line 13
