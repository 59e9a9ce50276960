# A guard that is killed while its owner lives is noticed; the owner goes on and runs its exit block itself.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

Use-ExitHandler -Guard {
    Send-Signal SIGKILL -Id (Get-Child)
    Start-Sleep -Milliseconds 500
    Out-Line 'body goes on'
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
Out-Line 'caller goes on'
