# Signals reach the process, not a runspace: a scope in another runspace counts as active too.
. "$PSScriptRoot/../prelude.ps1"

$other = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
$other.Open()
Use-ExitHandler {
    $shell = [System.Management.Automation.PowerShell]::Create($other)
    $null = $shell.AddScript('param($module)
        Import-Module $module
        try { Use-ExitHandler { "not reached" } } catch { $_.FullyQualifiedErrorId -replace ",.*" }
        Use-ExitHandler { "appended body" } -OnExit { "appended exit block" } -Append').AddArgument($env:GRACEFULEXIT_MODULE)
    $shell.Invoke() | ForEach-Object { Out-Line $_ }
} -OnExit { Out-Line 'exit block' }
Out-Line 'caller goes on'
