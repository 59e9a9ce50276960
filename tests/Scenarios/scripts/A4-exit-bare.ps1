# exit without a number: status 0, as in any script, whatever a native command returned before.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/sh -c 'exit 9'
    exit
} -OnExit { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" }
Out-Line 'not reached'
