# Without -ForwardSignal the native command is killed with the body and cleans up nothing.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/sh -c 'trap "echo not reached" TERM; echo ready; exec sleep 100'
    Out-Line 'not reached'
} -OnExit { Out-Line "exit block: $($_.Signal)" }
Out-Line 'caller goes on'
