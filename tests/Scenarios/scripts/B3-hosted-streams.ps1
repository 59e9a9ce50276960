# Progress too: a host sees each record of each stream once.
. "$PSScriptRoot/../prelude.ps1"

$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$null = $shell.AddScript('param($module)
    Import-Module $module
    Use-ExitHandler {
        Write-Progress "progress" -Status "half" -PercentComplete 50
        Write-Error "error"
        Write-Warning "warning"
        Write-Verbose "verbose" -Verbose
        Write-Debug "debug" -Debug
        Write-Host "host"
        "output"
    } -OnExit {
        Write-Progress "progress" -Completed
        Write-Warning "exit warning"
        "exit output"
    }').AddArgument($env:GRACEFULEXIT_MODULE)
$output = $shell.Invoke()
Out-Line "output: $($output -join ', ')"
foreach ($stream in 'Error', 'Warning', 'Verbose', 'Debug', 'Information') {
    Out-Line "${stream}: $($shell.Streams.$stream -join ', ')"
}
# Loading a module may report progress of its own.
$progress = $shell.Streams.Progress | Where-Object Activity -EQ 'progress'
Out-Line "Progress: $(($progress | ForEach-Object { "$($_.PercentComplete) $($_.RecordType)" }) -join ', ')"
