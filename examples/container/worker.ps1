# The script of the Containerfile. As process 1 it would ignore SIGTERM without a handler, and be killed after ten seconds.
#
#     pwsh -File worker.ps1

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../../out/GracefulExit" -ErrorAction Stop }

# 8 s: `docker stop` kills after 10. The status is then 143, as that of any program that SIGTERM has ended.
Use-ExitHandler -GracePeriodSeconds 8 -AfterSignal Exit {
    "Working as process $PID"
    while (-not (Wait-ExitRequest 1)) {
        # Your work goes here, in pieces that take less than the grace period.
        $turns++
    }
} -OnExit {
    "Cleaned up after $($_.Signal ?? $_.Reason)"
}
