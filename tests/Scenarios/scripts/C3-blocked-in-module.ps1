# The body is blocked within a module's function: the rescue has the script's functions and variables all the same.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"
Import-Module "$PSScriptRoot/../fixtures/Server.psm1"

$text = "the script's variable"
function Start-Listening {
    function Stop-Listening { $listener.Stop(); $text }
    $ofFunction = "the function's variable"
    Use-ExitHandler {
        $listener = Start-Server
        Wait-Client $listener
    } -OnExit { Out-Line "exit block: $(Stop-Listening), $ofFunction, rescue: $($_.IsRescue)" } -StopTimeoutSeconds 0.5
}

Start-Listening
Out-Line 'caller goes on'
