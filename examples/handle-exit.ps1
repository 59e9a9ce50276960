# A silly example, just to prove that it works: the script sends itself SIGTERM, and cleans up all the same.
#
#     pwsh -File handle-exit.ps1

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

Use-ExitHandler {
    'starting'
    Start-Sleep -Seconds 1
    /bin/sh -c "kill -TERM $PID"
    Start-Sleep -Seconds 60 # the signal ends this
    'never reached'
} -OnExit {
    # $_ tells why we are here: Completed, Error, Exit, Signal, Stopped ...
    "exiting: $($_.Reason) $($_.Signal)"
}

# The script goes on with its next statement, whatever ended the body, and its status is its own.
'goodbye'
