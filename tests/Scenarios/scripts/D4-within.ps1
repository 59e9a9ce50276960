# -ForwardSignal with the native command in the middle of things: no statement, no loop, no pipeline goes on behind it.
param([string] $Where)
. "$PSScriptRoot/../prelude.ps1"

$child = "$PSScriptRoot/../fixtures/child.sh"
function Start-Child { /bin/sh $child; Out-Line 'not reached' }
Use-ExitHandler {
    switch ($Where) {
        'pipeline' { /bin/sh $child | ForEach-Object { Out-Line $_ }; Out-Line 'not reached' }
        'function' { Start-Child; Out-Line 'not reached' }
        'loop' { while ($true) { /bin/sh $child } }
        'condition' { if (-not (/bin/sh $child | ForEach-Object { Out-Line $_ })) { Out-Line 'not reached' } }
        'try' { try { /bin/sh $child; Out-Line 'not reached' } catch { Out-Line 'not reached' } finally { Out-Line 'finally' } }
        'chain' { /bin/sh $child || Out-Line 'not reached' }
        'two' { /bin/sh $child; /bin/echo 'not reached' }
    }
} -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
Out-Line 'caller goes on'
