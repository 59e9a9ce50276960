# The rescue sees variables as they are at that moment: the body's own, the function's, its parameters, the script's, global ones.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$script:ofScript = 'script'
$global:ofGlobal = 'global'
$changed = 'before'
function Start-Server($Parameter) {
    $local = 'function'
    Use-ExitHandler {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $own = 'body'
        $changed = 'changed by the body'
        Show-LineWhen Blocked
        $null = $listener.AcceptTcpClient()
        Out-Line 'not reached'
    } -OnExit {
        Out-Line "exit block: $($_.Reason) $($_.Signal) $($_.ExitCode), rescue: $($_.IsRescue)"
        Out-Line "$own, $local, $Parameter, $script:ofScript, $ofScript, $global:ofGlobal, $ofGlobal"
        Out-Line "${changed}, in a nested block: $(& { $own }), in a string: $("$($local.ToUpperInvariant())")"
        Out-Line "as the argument too: $($args[0] -eq $_)"
        $listener.Stop()
    } -StopTimeoutSeconds 0.5 -ExitVariable context
    Out-Line "function goes on: $local"
    Out-Line "rescue: $($context.IsRescue), $($context.Reason) $($context.Signal)"
}

Start-Server 'parameter'
Out-Line 'caller goes on'
