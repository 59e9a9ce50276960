# A scope that listens to nothing but an ignored signal is not ended by it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    $line = [Console]::In.ReadLine()
    Out-Line "body goes on: $line"
} -OnExit { Out-Line "exit block: $($_.Reason)" } -Signal SIGINT, SIGHUP
Out-Line 'caller goes on'
