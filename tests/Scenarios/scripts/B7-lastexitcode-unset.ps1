# A $LASTEXITCODE that nobody has set is not set by an exit block.
. "$PSScriptRoot/../prelude.ps1"

Out-Line "before: '$global:LASTEXITCODE'"
Use-ExitHandler {} -OnExit { /bin/sh -c 'exit 6' }
Out-Line "after: '$global:LASTEXITCODE'"
