# A job for cron that never runs twice at a time. The lock can't go stale: the kernel frees it, whatever ends the process.
#
#     */5 * * * *  pwsh -File /opt/jobs/cron-lock.ps1
param([string] $LockFile = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'cron-lock.lock'))

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

# Your job goes here.
function Invoke-Job {
    'Working'
    foreach ($step in 1..20) { Start-Sleep -Seconds 1 }
}

$lock = $null
# -AfterSignal Exit: the status tells cron, or whatever watches it, that the job was cut short.
Use-ExitHandler -AfterSignal Exit {
    try {
        # 'None': nobody else can open it until this process closes it or ends.
        $lock = [System.IO.File]::Open($LockFile, 'OpenOrCreate', 'ReadWrite', 'None')
    }
    catch [System.IO.IOException] {
        "Another one is running: it has $LockFile open"
        exit 75 # EX_TEMPFAIL: try again later
    }
    Invoke-Job
    'Done'
} -OnExit {
    # $null if another process has it. The file itself stays: removing it could remove the lock of the next one.
    if ($lock) {
        $lock.Dispose()
        "Unlocked, because of $($_.Signal ?? $_.Reason)"
    }
}
