# Scopes nested in several runspaces and one SIGTERM; before it, what their exit blocks take by themselves.
param([string] $Manifest, [int] $Runspaces, [int] $Depth, [string] $Work)

$shared = @{
    Manifest = $Manifest
    Depth    = $Depth
    # What an exit block does: it waits for something, or computes something.
    Work     = if ($Work -eq 'wait') { 'Start-Sleep -Milliseconds 20' } else { 'for ($i = 0; $i -lt 2000; $i++) { }' }
    Done     = [System.Collections.Concurrent.ConcurrentQueue[long]]::new()
    Ready    = [System.Threading.CountdownEvent]::new($Runspaces)
    Go       = [System.Threading.ManualResetEventSlim]::new()
    Alone    = [System.Threading.CountdownEvent]::new($Runspaces)
    Asleep   = [System.Threading.CountdownEvent]::new($Runspaces)
}
$script = {
    param($shared)

    Import-Module $shared.Manifest -ErrorAction Stop
    $work = [scriptblock]::Create($shared.Work)
    $done = $shared.Done
    function Enter-Scope([int] $Depth) {
        if ($Depth -eq 0) {
            $null = $shared.Asleep.Signal()
            Start-Sleep -Seconds 600
        }
        else {
            Use-ExitHandler { Enter-Scope ($Depth - 1) } -OnExit { . $work; $done.Enqueue([System.Diagnostics.Stopwatch]::GetTimestamp()) } -Append
        }
    }

    # Once for nothing: what is loaded and compiled on the way is not to be measured.
    foreach ($i in 1..$shared.Depth) { . { . $work; $null = [System.Diagnostics.Stopwatch]::GetTimestamp() } }
    $null = $shared.Ready.Signal()
    $shared.Go.Wait()
    foreach ($i in 1..$shared.Depth) { . { . $work; $done.Enqueue([System.Diagnostics.Stopwatch]::GetTimestamp()) } }
    $null = $shared.Alone.Signal()
    Enter-Scope $shared.Depth
}

$running = foreach ($i in 1..$Runspaces) {
    $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $shell.AddScript($script).AddArgument($shared)
    @{ Shell = $shell; Result = $shell.BeginInvoke() }
}
$shared.Ready.Wait()
$from = [System.Diagnostics.Stopwatch]::GetTimestamp()
$shared.Go.Set()
$shared.Alone.Wait()
$last = [System.Linq.Enumerable]::Max($shared.Done)
$shared.Done.Clear()
$shared.Asleep.Wait()
[System.Console]::Out.WriteLine('ready')

foreach ($one in $running) { $null = $one.Shell.EndInvoke($one.Result) }
[System.Console]::Out.WriteLine("alone $($last - $from)`ncount $($shared.Done.Count)`nlast $([System.Linq.Enumerable]::Max($shared.Done))")
