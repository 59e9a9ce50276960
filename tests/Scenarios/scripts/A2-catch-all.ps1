# A body that catches everything, always goes on and traps the rest is stopped all the same.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    switch ($How) {
        'catch' { while ($true) { try { Start-Sleep -Milliseconds 1 } catch { Out-Line 'not reached' } } }
        'trap' { & { trap { Out-Line 'not reached'; continue } while ($true) { Start-Sleep -Milliseconds 1 } }; while ($true) { } }
        'silent' { $ErrorActionPreference = 'SilentlyContinue'; while ($true) { Get-Item /nowhere; 1 / 0 } }
    }
    Out-Line 'not reached either'
} -OnExit { Out-Line "exit block: $($_.Signal)" }
Out-Line 'caller goes on'
