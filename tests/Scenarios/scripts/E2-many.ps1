# Many guarded scopes one after another: each leaves nothing behind, not even a file.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

$run = 0
foreach ($i in 1..20) {
    Use-ExitHandler -Guard { $run++ } -OnExit { $run++ }
}

Start-Sleep -Milliseconds 200
Out-Line "run: $run, children: [$(Get-Child)]"
$files = foreach ($file in [System.IO.Directory]::GetFileSystemEntries([System.IO.Path]::GetTempPath())) {
    $name = [System.IO.Path]::GetFileName($file)
    # The shell's own.
    if ($name -notmatch "\b$PID\b" -and $name -match 'clr-debug|dotnet|PSHost') { $name }
}

Out-Line "files: [$files]"
