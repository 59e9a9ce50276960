# -ForwardSignal leaves alone what the body has not started: a child of another runspace, and an older one.
. "$PSScriptRoot/../prelude.ps1"

$older = [System.Diagnostics.Process]::Start('/bin/sleep', '100')
$shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
$started = [System.Threading.ManualResetEventSlim]::new()
$null = $shell.AddScript('param($started)
    /bin/sh -c "echo `$`$; exec sleep 100" | ForEach-Object { $other = [int] $_; $started.Set() }
    $LASTEXITCODE').AddArgument($started)
$running = $shell.BeginInvoke()
$started.Wait()
Use-ExitHandler {
    /bin/sh "$PSScriptRoot/../fixtures/child.sh"
} -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
Start-Sleep -Milliseconds 200 # time in which the end of the others would be seen
Out-Line "still running: $(-not $older.HasExited) $(-not $running.IsCompleted)"
$older.Kill()
$older.WaitForExit()
$shell.Stop()
