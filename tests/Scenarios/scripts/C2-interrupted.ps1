# A managed wait is interrupted after 250 ms, long before a rescue; the exit block, on the same thread, is not.
param([string] $Wait)
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$thread = [System.Threading.Thread]::CurrentThread
Use-ExitHandler {
    Show-LineWhen Blocked
    switch ($Wait) {
        'Sleep' { [System.Threading.Thread]::Sleep(-1) }
        'Task' { [System.Threading.Tasks.Task]::Delay(-1).Wait() }
        'WaitHandle' { [System.Threading.ManualResetEvent]::new($false).WaitOne() }
        'Semaphore' { [System.Threading.SemaphoreSlim]::new(0).Wait() }
        'Collection' { [System.Collections.Concurrent.BlockingCollection[int]]::new().Take() }
    }
    Out-Line 'not reached'
} -OnExit {
    $elapsed = ([datetime]::Now - $_.RequestedAt).TotalSeconds
    Out-Line "exit block: $($_.Reason) $($_.Signal), rescue: $($_.IsRescue)"
    Out-Line "not before 250 ms: $($elapsed -ge 0.24), long before the rescue: $($elapsed -lt 10)"
    Out-Line "same thread: $([System.Threading.Thread]::CurrentThread -eq $thread)"
    [System.Threading.Thread]::Sleep(300) # time in which a second interrupt would be seen
    Out-Line 'exit block ends'
} -StopTimeoutSeconds 20
Out-Line 'caller goes on'
