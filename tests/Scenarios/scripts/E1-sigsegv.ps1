# SIGSEGV: .NET takes the first one that somebody sends for a fault that will come again, and dies of the second.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'body'
    while ($true) {
        Send-Signal SIGSEGV
        Start-Sleep -Milliseconds 100
    }
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
