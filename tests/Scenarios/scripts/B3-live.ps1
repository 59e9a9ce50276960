# Output reaches the caller's pipeline object by object, while the body runs.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'one'
    Out-Line 'after one'
    Write-Output 'two'
    Out-Line 'after two'
} -OnExit {
    'three'
    Out-Line 'after three'
} | ForEach-Object { Out-Line "got $_" }
