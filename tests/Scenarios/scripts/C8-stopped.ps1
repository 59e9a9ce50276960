# An exit block that runs for too long is stopped and reported; the remaining ones run; the caller goes on.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit {
    Out-Line 'first begins'
    switch ($How) {
        'sleep' { Start-Sleep -Seconds 100 }
        'loop' { while ($true) { $count++ } }
        'managed wait' { [System.Threading.Thread]::Sleep(-1) }
        'native command' { sleep 100 }
    }
    Out-Line 'not reached'
}, { Out-Line 'second' }, { Start-Sleep -Seconds 100 }, { Out-Line 'last' } -ExitTimeoutSeconds 0.5 -ErrorVariable problems -ErrorAction SilentlyContinue
Out-Line "caller goes on, `$?: $?"
foreach ($problem in $problems | Where-Object FullyQualifiedErrorId -Like 'ExitBlock*') {
    Out-Line "$($problem.FullyQualifiedErrorId) $($problem.CategoryInfo.Category): $problem"
}
