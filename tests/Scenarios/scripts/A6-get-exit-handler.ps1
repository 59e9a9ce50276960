# Get-ExitHandler tells of the active scopes, newest first: from the body, an exit block and another runspace.
. "$PSScriptRoot/../prelude.ps1"

function Show-Handler {
    foreach ($handler in @(Get-ExitHandler)) {
        Out-Line "$($handler.Id) $($handler.State) $($handler.Signal -join '+') $([System.IO.Path]::GetFileName($handler.ScriptName)):$($handler.ScriptLineNumber) $($handler.StartedFrom) depth $($handler.Depth), this runspace: $($handler.RunspaceId -eq [runspace]::DefaultRunspace.Id), began: $($handler.StartedAt -le [datetime]::Now)"
    }
}

Out-Line "none: $(@(Get-ExitHandler).Count)"
Use-ExitHandler { # line 11
    Show-Handler
    Use-ExitHandler { # line 13
        Show-Handler
        $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $found = $shell.AddScript('param($module) Import-Module $module; Get-ExitHandler').AddArgument($env:GRACEFULEXIT_MODULE).Invoke()
        Out-Line "another runspace sees: $($found.Id), in one runspace: $(($found.RunspaceId | Sort-Object -Unique) -eq [runspace]::DefaultRunspace.Id), the context: $($found[0].Context -eq $_)"
    } -OnExit { Show-Handler } -Append -Signal usr1
} -OnExit { Show-Handler }
Out-Line "none again: $(@(Get-ExitHandler).Count)"
