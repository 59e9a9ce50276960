# A scope whose body sleeps; its exit block's first statement takes the time.
param([string] $Manifest)

Import-Module $Manifest -ErrorAction Stop
# The first use of the clock costs milliseconds that are not the module's.
$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
Use-ExitHandler {
    [System.Console]::Out.WriteLine('ready')
    Start-Sleep -Seconds 600
} -OnExit {
    $at = [System.Diagnostics.Stopwatch]::GetTimestamp()
    [System.Console]::Out.WriteLine("first $at")
}
