# Once the scope has ended, the older handler gets the signal as ever, and the signal its default effect.
. "$PSScriptRoot/../prelude.ps1"

$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
[GracefulExit.Tests.Driver.OlderHandler]::Register('SIGTERM', 'older handler')
Use-ExitHandler { Out-Line 'body' } -OnExit { Out-Line 'exit block' }
Out-Line 'ready'
Wait-Forever
