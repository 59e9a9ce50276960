# For scripts with a guard: dot-sourced by those that need it.
. "$PSScriptRoot/process.ps1"

# Returns when the guard of this process is up: it then reads descriptor 3, which nothing else in a shell does. Linux only.
# A guard that is still starting would run the exit blocks too, but later.
function Wait-Guard {
    while ($true) {
        foreach ($id in Get-Child) {
            foreach ($task in Get-Task $id) {
                try { if ([System.IO.File]::ReadAllText("$task/syscall").StartsWith('0 0x3 ')) { return } }
                catch { } # The thread has ended.
            }
        }
        [System.Threading.Thread]::Sleep(20)
    }
}

function Get-Task([int] $Id) {
    try { [System.IO.Directory]::GetDirectories("/proc/$Id/task") }
    catch { } # The process has ended.
}

# Kills this process when its guard is up.
function Stop-Owner {
    Wait-Guard
    Send-Signal KILL
    Wait-Forever
}

# The options of a scope whose exit blocks are to run in a place: rescue or guard.
function Get-Option([string] $Where) {
    if ($Where -eq 'guard') { @{ Guard = $true } } else { @{ StopTimeoutSeconds = 0.3 } }
}

# Prints ready and ends the process so that the exit blocks run there: for a guard by itself, for a rescue when SIGTERM comes.
# The settings are those of a scope further down than the exit block's.
function Stop-Everything([string] $Where) {
    $WhatIfPreference = $false
    $ErrorActionPreference = 'SilentlyContinue'
    $value = 'deeper'
    Set-Alias total Get-Date
    Set-StrictMode -Off
    if ($Where -eq 'guard') {
        Wait-Guard
        Out-Line ready
        Send-Signal KILL
    }
    Show-LineWhen Computing
    [regex]::IsMatch('a' * 40 + '!', '^(a+)+$')
}
