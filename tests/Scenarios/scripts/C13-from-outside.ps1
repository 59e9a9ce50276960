# The shell as process 1 of a namespace: a signal from outside, as `docker stop` sends it.
param([string] $After)
. "$PSScriptRoot/../prelude.ps1" -NoModule

$start = [System.Diagnostics.ProcessStartInfo]::new('unshare')
foreach ($argument in '--user', '--map-root-user', '--pid', '--fork', [Environment]::ProcessPath, '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/../fixtures/pid-1.ps1", $After) {
    $start.ArgumentList.Add($argument)
}
$start.RedirectStandardOutput = $true
$process = [System.Diagnostics.Process]::Start($start)
while ($line = $process.StandardOutput.ReadLine()) {
    Out-Line $line
    if ($line -eq 'ready') {
        $first = [int] [System.IO.File]::ReadAllText("/proc/$($process.Id)/task/$($process.Id)/children")
        Send-Signal SIGTERM -Id $first
    }
}
$process.WaitForExit()
Out-Line "status: $($process.ExitCode)"
