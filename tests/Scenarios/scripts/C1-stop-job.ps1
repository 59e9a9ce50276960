# Stop-Job on a thread job: its exit block runs to its end; the job is stopped.
. "$PSScriptRoot/../prelude.ps1"

$ready = [System.Threading.ManualResetEventSlim]::new()
$job = Start-ThreadJob -ArgumentList "$PSScriptRoot/../prelude.ps1", $ready -ScriptBlock {
    param($prelude, $ready)
    . $prelude
    Use-ExitHandler {
        $ready.Set()
        Wait-Forever
    } -OnExit {
        Out-Line "exit block begins: $($_.Reason)"
        Start-Sleep -Milliseconds 50
        'output that nobody takes'
        Out-Line 'exit block ends'
    }
    Out-Line 'not reached'
}

Out-Line "ready: $($ready.Wait(20000))"
Stop-Job $job
$null = Wait-Job $job
Out-Line "job: $($job.State)"
