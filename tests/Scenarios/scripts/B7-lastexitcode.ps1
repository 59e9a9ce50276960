# $LASTEXITCODE is that of the body's native command, whatever the exit block runs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { /bin/sh -c 'exit 3' } -OnExit {
    Out-Line "exit block sees $LASTEXITCODE"
    /bin/sh -c 'exit 5'
    Out-Line "exit block has $LASTEXITCODE"
}
Out-Line "caller sees $LASTEXITCODE"
Use-ExitHandler {} -OnExit { /bin/sh -c 'exit 6' }
Out-Line "caller still sees $LASTEXITCODE"
Use-ExitHandler { /bin/sh -c 'exit 4'; Send-Signal SIGTERM; Wait-Forever } -OnExit { /bin/sh -c 'exit 7' }
Out-Line "after a signal: $LASTEXITCODE"
