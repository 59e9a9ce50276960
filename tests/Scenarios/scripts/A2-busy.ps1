# A signal stops a body that only computes.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    while ($true) {
        $number = $number + 1
        if ($number -eq 1000) { Out-Line 'ready' }
    }
} -OnExit {
    Out-Line "exit block: $($_.Signal), it had counted: $($number -gt 0)"
}
Out-Line 'caller goes on'
