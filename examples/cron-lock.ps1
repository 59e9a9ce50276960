# A job for cron that never runs twice at a time. The lock is the file being open: whatever ends the process, SIGKILL or a power cut
# too, the kernel closes it. So there is no stale lock, and nothing to remove.
#
#     */5 * * * *  pwsh -NoProfile -File /opt/jobs/cron-lock.ps1
param([string] $LockFile = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'cron-lock'))

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

# Your job goes here.
function Invoke-Job {
    "Working as process $PID"
    foreach ($step in 1..20) { Start-Sleep -Seconds 1 }
}

try {
    # 'None' is the lock. The file stays, and what is in it says nothing: removing it would let a third one in.
    $lock = [System.IO.File]::Open($LockFile, 'OpenOrCreate', 'ReadWrite', 'None')
}
catch [System.IO.DirectoryNotFoundException] {
    throw
}
catch [System.IO.IOException] {
    "Another one is running, see $LockFile"
    exit 75 # EX_TEMPFAIL: try again later
}

# -AfterSignal Exit: cron, or whoever watches it, sees by the status that the job was cut short.
Use-ExitHandler -AfterSignal Exit {
    Invoke-Job
    'Done'
} -OnExit {
    # What the job has left half done is put right here, before the next one may begin.
    "Cleaned up after $($_.Signal ?? $_.Reason)"
    $lock.Dispose()
}
