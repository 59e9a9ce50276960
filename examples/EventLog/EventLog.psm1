# A module that keeps lines in memory and writes them to its file when the session ends, whatever ends it. A module can't
# put a block around its user's script; registering is enough, and it changes nothing else in that script.
#
#     Import-Module ./EventLog -ArgumentList ./events.log
#     Add-Event 'begun'

param([Parameter(Mandatory)] [string] $Path)

# In a module of your own, name GracefulExit in RequiredModules of the manifest instead.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../../out/GracefulExit" -ErrorAction Stop }

$file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
$lines = [System.Collections.Generic.List[string]]::new()

function Add-Event {
    param([Parameter(Mandatory)] [string] $Message)

    $lines.Add("$([datetime]::UtcNow.ToString('o')) $Message")
    if ($lines.Count -ge 100) { Write-Event }
}

function Write-Event {
    [System.IO.File]::AppendAllLines($file, $lines)
    $lines.Clear()
}

$handler = Register-ExitHandler { Add-Event "the session ends: $($_.Signal ?? $_.Reason)"; Write-Event } -PassThru

# Remove-Module writes what there is, and leaves nothing behind.
$ExecutionContext.SessionState.Module.OnRemove = { Write-Event; $handler | Unregister-ExitHandler }

Export-ModuleMember -Function Add-Event
