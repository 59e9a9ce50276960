# -ForwardSignal: the native command gets the signal and cleans up; no next statement starts; the exit block sees its status.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    /bin/sh "$PSScriptRoot/../fixtures/child.sh"
    Out-Line 'not reached'
} -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
Out-Line "caller goes on: $LASTEXITCODE"
