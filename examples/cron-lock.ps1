# A job for cron that never runs twice at a time and leaves no stale lock behind, whatever ends it.
#
#     */5 * * * *  pwsh -File /opt/jobs/cron-lock.ps1
param([string] $LockFile = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'cron-lock.pid'))

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

# Your job goes here.
function Invoke-Job {
    'Working'
    foreach ($step in 1..20) { Start-Sleep -Seconds 1 }
}

$lock = $null
# -AfterSignal Exit: cron, or whoever watches it, sees by the status that the job was cut short.
Use-ExitHandler -AfterSignal Exit {
    try {
        # Fails if the file is there. Within the body: from the moment the lock exists, somebody is there to remove it.
        $lock = [System.IO.File]::Open($LockFile, 'CreateNew', 'Write', 'Read')
    }
    catch [System.IO.IOException] {
        "Another one is running, see $LockFile"
        exit 75 # EX_TEMPFAIL: try again later
    }
    $lock.Write([System.Text.Encoding]::ASCII.GetBytes("$PID`n"))
    $lock.Flush()
    Invoke-Job
    'Done'
} -OnExit {
    # Only a lock of our own: if it was another's, $lock is null.
    if ($lock) {
        $lock.Dispose()
        [System.IO.File]::Delete($LockFile)
        "Unlocked, because of $($_.Signal ?? $_.Reason)"
    }
}
