# Ctrl+C at a terminal while a native command runs in the body: the terminal signals both; nothing more of the body runs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/sh -c 'echo ready; exec sleep 100'
    Out-Line 'not reached'
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.Signal)" }
Out-Line 'caller goes on'
