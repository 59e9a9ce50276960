. "$PSScriptRoot/../prelude.ps1" -NoModule

if (-not ([Console]::IsInputRedirected -or [Console]::IsOutputRedirected -or [Console]::IsErrorRedirected)) {
    Out-Line "ready: terminal of $([Console]::WindowWidth)"
}

$line = [Console]::In.ReadLine()
Out-Line "got $line"
