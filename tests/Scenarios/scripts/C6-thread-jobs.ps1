# Thread jobs and the main runspace, each in a scope: one signal ends all, each once, in its own runspace, side by side.
. "$PSScriptRoot/../prelude.ps1"

$running = [System.Threading.CountdownEvent]::new(4)
# Each exit block waits for all the others: that they run one after another can't pass.
$together = [System.Threading.Barrier]::new(4)
$jobs = foreach ($number in 1..3) {
    Start-ThreadJob -ArgumentList "$PSScriptRoot/../prelude.ps1", $number, $running, $together -ScriptBlock {
        param($prelude, $number, $running, $together)
        . $prelude
        Start-Sleep -Milliseconds 0 # loaded before the signal comes
        $runspace = [runspace]::DefaultRunspace
        Use-ExitHandler {
            $null = $running.Signal()
            Wait-Forever
        } -OnExit {
            "job ${number}: $($_.Signal), together: $($together.SignalAndWait(15000)), in its own runspace: $($runspace -eq [runspace]::DefaultRunspace)"
        } -Append
        "job $number goes on"
    }
}
Use-ExitHandler {
    $null = $running.Signal()
    $running.Wait()
    Out-Line 'ready'
    Wait-Forever
} -OnExit { Out-Line "main: $($_.Signal), together: $($together.SignalAndWait(15000))" } -Append
foreach ($job in $jobs) { $job | Wait-Job | Receive-Job | ForEach-Object { Out-Line $_ } }
