# Works until it is told to stop, and then cleans up: try Ctrl+C, try kill, try closing the terminal.
#
#     pwsh -File quickstart.ps1

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

"This is process $PID. Stop it with Ctrl+C, or from another terminal: kill $PID"

Use-ExitHandler {
    # What the body assigns is there in the exit block: both run in the script's own scope.
    $file = [System.IO.Path]::GetTempFileName()
    "Working with the temporary file $file"
    for ($second = 1; ; $second++) {
        Add-Content -LiteralPath $file -Value "second $second"
        Start-Sleep -Seconds 1
        "Worked for $second s"
    }
} -OnExit {
    # Runs exactly once, whatever ended the body. -Force: it may not even exist yet.
    if ($file) { Remove-Item -LiteralPath $file -Force }
    "Removed the temporary file, because of $($_.Signal ?? $_.Reason)"
}

'Goodbye'
