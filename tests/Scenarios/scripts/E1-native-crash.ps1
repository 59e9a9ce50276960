# An access to memory that is not there ends the process without running anything in it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'body'
    [System.Runtime.InteropServices.Marshal]::ReadInt32([System.IntPtr] 0x123456780)
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
