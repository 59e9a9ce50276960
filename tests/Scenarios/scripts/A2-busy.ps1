# A signal stops a body that only computes.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Out-Line 'ready'
    while ($true) { $number = $number + 1 }
} -OnExit {
    Out-Line "exit block: $($_.Signal), it had counted: $($number -gt 0)"
}
Out-Line 'caller goes on'
