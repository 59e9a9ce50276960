# The exit block leaves the status of exit N alone: neither its native commands nor its variables change it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { exit 7 } -OnExit {
    /bin/sh -c 'exit 3'
    $global:LASTEXITCODE = 5
    Out-Line 'exit block'
}
