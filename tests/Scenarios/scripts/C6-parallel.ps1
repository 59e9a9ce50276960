# ForEach-Object -Parallel, each item in a scope: one signal ends all, side by side; the pipeline goes on with what they write.
. "$PSScriptRoot/../prelude.ps1"

$prelude = "$PSScriptRoot/../prelude.ps1"
$running = [System.Threading.CountdownEvent]::new(3)
$together = [System.Threading.Barrier]::new(3)
$results = 1..3 | ForEach-Object -ThrottleLimit 3 -Parallel {
    . $using:prelude
    Start-Sleep -Milliseconds 0 # loaded before the signal comes
    $running, $together, $number = $using:running, $using:together, $_
    Use-ExitHandler {
        if ($running.Signal()) { Out-Line 'ready' }
        Wait-Forever
    } -OnExit { "exit block ${number}: $($_.Signal), together: $($together.SignalAndWait(15000))" } -Append
    "item $number goes on"
}
$results | Sort-Object | ForEach-Object { Out-Line $_ }
Out-Line 'caller goes on'
