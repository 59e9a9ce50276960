# Scopes nested in several runspaces. Then a SIGTERM from outside, or the same blocks by themselves, within the innermost bodies.
param([string] $Manifest, [int] $Runspaces, [int] $Depth, [string] $Work, [switch] $Alone)

$shared = @{
    Manifest = $Manifest
    Depth    = $Depth
    # What an exit block does: it waits for something, or computes something.
    Work     = if ($Work -eq 'wait') { 'Start-Sleep -Milliseconds 20' } else { 'for ($i = 0; $i -lt 2000; $i++) { }' }
    Done     = [System.Collections.Concurrent.ConcurrentQueue[long]]::new()
    Asleep   = [System.Threading.CountdownEvent]::new($Runspaces)
    Go       = [System.Threading.ManualResetEventSlim]::new()
    Alone    = [bool] $Alone
    Over     = [System.Threading.CountdownEvent]::new($Runspaces)
    Read     = [System.Threading.ManualResetEventSlim]::new()
}
$script = {
    param($shared)

    Import-Module $shared.Manifest -ErrorAction Stop
    $work = [scriptblock]::Create($shared.Work)
    $done = $shared.Done
    function Enter-Scope([int] $Depth) {
        if ($Depth -gt 0) {
            Use-ExitHandler { Enter-Scope ($Depth - 1) } -OnExit { . $work; $done.Enqueue([System.Diagnostics.Stopwatch]::GetTimestamp()) } -Append
            return
        }

        $null = $shared.Asleep.Signal()
        if ($shared.Alone) {
            $shared.Go.Wait()
            foreach ($i in 1..$shared.Depth) { . { . $work; $done.Enqueue([System.Diagnostics.Stopwatch]::GetTimestamp()) } }
            $null = $shared.Over.Signal()
            # The exit blocks come after it, and are not to be measured.
            $shared.Read.Wait()
        }
        else {
            Start-Sleep -Seconds 600
        }
    }

    # Once for nothing: what is loaded and compiled on the way is not to be measured.
    foreach ($i in 1..$shared.Depth) { . { . $work; $null = [System.Diagnostics.Stopwatch]::GetTimestamp() } }
    Enter-Scope $shared.Depth
}

$running = foreach ($i in 1..$Runspaces) {
    $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $shell.AddScript($script).AddArgument($shared)
    @{ Shell = $shell; Result = $shell.BeginInvoke() }
}
$shared.Asleep.Wait()
[System.Console]::Out.WriteLine('ready')
if ($Alone) {
    $from = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $shared.Go.Set()
    $shared.Over.Wait()
    if ($shared.Done.Count -ne $Runspaces * $Depth) { throw "$($shared.Done.Count) blocks instead of $($Runspaces * $Depth)." }
    [System.Console]::Out.WriteLine("alone $([System.Linq.Enumerable]::Max($shared.Done) - $from)")
    $shared.Read.Set()
}

foreach ($one in $running) { $null = $one.Shell.EndInvoke($one.Result) }
[System.Console]::Out.WriteLine("count $($shared.Done.Count)`nlast $([System.Linq.Enumerable]::Max($shared.Done))")
