# The example container/worker.ps1 as process 1, signalled from outside as `docker stop` does.
. "$PSScriptRoot/../prelude.ps1" -NoModule

$start = [System.Diagnostics.ProcessStartInfo]::new('unshare')
$import = "Import-Module '$env:GRACEFULEXIT_MODULE'; & '$PSScriptRoot/../../../examples/container/worker.ps1'"
foreach ($argument in '--user', '--map-root-user', '--pid', '--fork', [Environment]::ProcessPath, '-NoProfile', '-NonInteractive', '-Command', $import) {
    $start.ArgumentList.Add($argument)
}
$start.RedirectStandardOutput = $true
$process = [System.Diagnostics.Process]::Start($start)
while ($line = $process.StandardOutput.ReadLine()) {
    Out-Line $line
    if ($line -eq 'Working as process 1') {
        $first = [int] [System.IO.File]::ReadAllText("/proc/$($process.Id)/task/$($process.Id)/children")
        Send-Signal SIGTERM -Id $first
    }
}
$process.WaitForExit()
Out-Line "status: $($process.ExitCode)"
