# exit in a script that the body calls ends that script only; the body goes on.
. "$PSScriptRoot/../prelude.ps1"

$script = [System.IO.Path]::Combine($env:SCENARIO_TEMP, 'inner.ps1')
[System.IO.File]::WriteAllText($script, 'exit 3')
Use-ExitHandler {
    & $script
    Out-Line "body goes on: $LASTEXITCODE"
} -OnExit {
    Out-Line "exit block: $($_.Reason) $($_.ExitCode)"
}
Out-Line "caller goes on: $LASTEXITCODE"
