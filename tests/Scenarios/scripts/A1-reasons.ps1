# What ended it, as -ExitVariable leaves it with the caller and as the exit block has seen it.
. "$PSScriptRoot/../prelude.ps1"

function Show-Context([GracefulExit.ExitContext] $Context) {
    $asked = if ($Context.RequestedAt) { $Context.RequestedAt -ge $Context.StartedAt -and $Context.RequestedAt -le [datetime]::Now } else { 'no' }
    Out-Line "$($Context.Reason) '$($Context.Signal)' $($Context.ExitCode) '$($Context.ErrorRecord)', asked: $asked $($Context.IsExitRequested)"
}

Use-ExitHandler { } -OnExit { Show-Context $_ } -ExitVariable context
Show-Context $context
try { Use-ExitHandler { throw 'broken' } -OnExit { Show-Context $_ } -ExitVariable context } catch { }
Show-Context $context
Use-ExitHandler { Send-Signal SIGHUP; Wait-Forever } -OnExit { Show-Context $_ } -ExitVariable context
Show-Context $context
Use-ExitHandler { 1, 2 } -OnExit { Show-Context $_ } -ExitVariable context | Select-Object -First 1 | ForEach-Object { }
Show-Context $context
foreach ($turn in 1..2) { Use-ExitHandler { break } -OnExit { Show-Context $_ } -ExitVariable context }
Show-Context $context
function Invoke-Exit { try { Use-ExitHandler { exit 4 } -OnExit { Show-Context $_ } -ExitVariable script:context } finally { Show-Context $context } }
Invoke-Exit
