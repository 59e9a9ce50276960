# A daemon's loop: it sleeps interruptibly, ends after the item at hand, and never loses one midway.
. "$PSScriptRoot/../prelude.ps1"

$begun = $ended = 0
Use-ExitHandler {
    while (-not (Wait-ExitRequest 0.01)) {
        $begun++
        if ($begun -eq 3) {
            # The signal comes in the middle of this item.
            Out-Line 'ready'
            $null = $_.Token.WaitHandle.WaitOne()
        }
        Start-Sleep -Milliseconds 50
        $ended++
    }
    Out-Line 'loop ends'
} -OnExit { Out-Line "exit block: $($_.Signal), begun: $begun, ended: $ended" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
