# Many calls in one process; each line says what the process has by then.
param([string] $Manifest, [string] $What, [int] $Calls)

Import-Module $Manifest -ErrorAction Stop
$private = [System.Reflection.BindingFlags] 'NonPublic, Static'
# .NET tells nobody what is registered, so it is looked up; without the field, nothing is shown.
$registrations = [System.Runtime.InteropServices.PosixSignalRegistration].GetField('s_registrations', $private)
$send = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS).GetType('GracefulExit.Tests.Harness.Signals').GetMethod('Send')
$sigterm = @($PID, 'SIGTERM')

function Invoke-Calls([int] $Number) {
    for ($i = 0; $i -lt $Number; $i++) {
        switch ($What) {
            'end' { $null = Use-ExitHandler { 1 } -OnExit { 2 } }
            'error' { try { Use-ExitHandler { throw 'an error' } -OnExit { } } catch { $Error.Clear() } }
            'signal' { Use-ExitHandler { $null = $send.Invoke($null, $sigterm); Start-Sleep -Seconds 600 } -OnExit { } }
        }
    }
}

function Show-Sample([int] $Calls) {
    # Threads that have nothing to do leave after a while; those of signals leave at once, but not before they are told.
    [System.GC]::Collect()
    [System.GC]::WaitForPendingFinalizers()
    # The least after a few more calls: what the last one has left behind is gone by the next or the one after.
    $memory = [long]::MaxValue
    for ($again = 0; $again -lt 8; $again++) {
        Invoke-Calls 1
        $memory = [System.Math]::Min($memory, [System.GC]::GetTotalMemory($true))
    }

    $threads = [System.IO.Directory]::GetDirectories('/proc/self/task').Count
    # An assembly that .NET loads some day is loaded once.
    $handles = 0
    foreach ($handle in [System.IO.Directory]::GetFileSystemEntries('/proc/self/fd')) {
        if ([System.IO.FileInfo]::new($handle).LinkTarget -notlike '*.dll') { $handles++ }
    }

    $count = -1
    if ($registrations) {
        $count = 0
        foreach ($list in $registrations.GetValue($null).Values) { $count += $list.Count }
    }

    [System.Console]::Out.WriteLine("sample $Calls $memory $threads $handles $count")
}

$samples = 10
# The first calls and samples find something to load and to compile: they come before zero.
for ($sample = -5; $sample -le $samples; $sample++) {
    Invoke-Calls ($Calls / $samples)
    Show-Sample ($sample * $Calls / $samples)
}
