# What lives in its process only is warned of when the scope begins, by name; the exit block finds $null.
. "$PSScriptRoot/../prelude.ps1"

class Settings { [string] $Path = '/tmp/x'; [void] Save() { } }

$listener = [System.Net.HttpListener]::new()
$file = [System.IO.File]::OpenRead("$PSScriptRoot/../prelude.ps1")
$settings = [Settings]::new()
$unnamed = [System.Net.HttpListener]::new()
Use-ExitHandler -Guard {
    foreach ($warning in $warnings) { Out-Line (@("$warning" -split ' ')[0..1] -join ' ') }
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    if ($_.Reason -ne 'Killed') { $listener.Stop() }
    Out-Line "listener: $($null -eq $listener), file: $($null -eq $file), settings: $($settings.Path)"
} -WarningVariable warnings 3> $null
