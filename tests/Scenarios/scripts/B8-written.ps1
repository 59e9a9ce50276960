# An error that an exit block only writes does not end it, and is no failure of the block.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {} -OnExit { Write-Error 'written'; Out-Line 'exit block goes on' } -ErrorVariable errors
Out-Line "errors: $($errors -join ', ')"
