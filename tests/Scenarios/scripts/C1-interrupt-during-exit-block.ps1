# pwsh's own Ctrl+C while the exit block runs: the exit block runs to its end, then the script is stopped.
. "$PSScriptRoot/../prelude.ps1"

# What pwsh stops is the runspace's first pipeline.
$hidden = [System.Reflection.BindingFlags] 'Instance, NonPublic'
$pipelines = [System.Management.Automation.Runspaces.Runspace].Assembly.GetType('System.Management.Automation.Runspaces.RunspaceBase').GetProperty('RunningPipelines', $hidden)

try {
    Use-ExitHandler { Out-Line 'body' } -OnExit {
        Out-Line "exit block begins: $($_.Reason)"
        Out-Line 'ready'
        $pipeline = $pipelines.GetValue([System.Management.Automation.Runspaces.Runspace]::DefaultRunspace)[0]
        while ($pipeline.PipelineStateInfo.State -eq 'Running') { Start-Sleep -Milliseconds 5 }
        Start-Sleep -Milliseconds 200
        Out-Line 'exit block ends'
    }, {
        Start-Sleep -Milliseconds 50
        Out-Line 'second exit block'
    } -Signal SIGTERM
    Out-Line 'not reached'
}
finally {
    Out-Line 'finally of the caller'
    $Host.SetShouldExit(5) # the status of a stopped script is 0 or 1 by chance, with the shell alone too
}
