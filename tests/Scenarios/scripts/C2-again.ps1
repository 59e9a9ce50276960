# A wait in a finally block of the stopped body is interrupted too, and a catch block does not keep the body running.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

Use-ExitHandler {
    try {
        Show-LineWhen Blocked
        while ($true) {
            try { [System.Threading.Thread]::Sleep(-1) } catch { Out-Line 'not reached' }
        }
    }
    finally {
        Out-Line 'finally begins'
        [System.Threading.Thread]::Sleep(-1)
    }
} -OnExit { Out-Line "exit block: $($_.Signal), rescue: $($_.IsRescue)" } -StopTimeoutSeconds 20
Out-Line 'caller goes on'
