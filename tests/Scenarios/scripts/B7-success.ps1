# $? tells of the body's last statement, not of the exit block's.
. "$PSScriptRoot/../prelude.ps1"

$good = { $null = 1 }
$failing = { Get-Item /no/such/file 2>$null }
$native = { /bin/sh -c 'exit 3' }

Use-ExitHandler $good -OnExit $good; Out-Line "good body, good exit block: $?"
Use-ExitHandler $good -OnExit $failing; Out-Line "good body, failing exit block: $?"
Use-ExitHandler $good -OnExit $native; Out-Line "good body, exit block with a failing native command: $?"
Use-ExitHandler $good -OnExit { throw 'broken' } 2>$null; Out-Line "good body, exit block that throws: $?"
Use-ExitHandler $failing -OnExit $good; Out-Line "failing body, good exit block: $?"
Use-ExitHandler $native -OnExit $good; Out-Line "native failure in the body: $?"
Use-ExitHandler $failing; Out-Line "failing body, no exit block: $?"
Use-ExitHandler { Get-Item /no/such/file 2>$null; $null = 1 } -OnExit $failing; Out-Line "failure before the body's last statement: $?"
Use-ExitHandler $native -OnExit $good || Out-Line 'the chain took the other way'
Use-ExitHandler $good -OnExit $native && Out-Line 'the chain went on'
