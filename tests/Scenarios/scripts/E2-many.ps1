# Many guarded scopes one after another: each leaves nothing behind, not even a file.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

# The guard of a scope that is still to be garbage collected would show here too.
$run = 0
foreach ($i in 1..20) {
    Use-ExitHandler -Guard { $run++ } -OnExit { $run++ }
}

Start-Sleep -Milliseconds 200
Out-Line "run: $run, children: [$(Get-Child)]"
Out-Line "files: [$([System.IO.Directory]::GetFileSystemEntries([System.IO.Path]::GetTempPath(), 'clr-debug*') -join ' ')]"
