# SIGINT with Continue: older handlers, pwsh's own among them, are held back; the caller goes on to its end.
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGINT', 'older handler')
Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line 'exit block' }
Start-Sleep -Milliseconds 300 # time in which pwsh's own handler, were it not held back, would stop this
Out-Line 'caller goes on'
[Environment]::Exit(0) # before the shell is back at its prompt, or through with the script
