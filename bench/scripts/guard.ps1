# A scope with a guard, after others have had theirs; its exit block's first statement takes the time.
param([string] $Manifest, [string] $What)

Import-Module $Manifest -ErrorAction Stop
$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
$directory = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($env:TEST_TEMP, "made by $PID")).FullName
$guarded = @{ Guard = $What -eq 'guarded' }
foreach ($i in 0..10) {
    $start = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $ticks = Use-ExitHandler @guarded { [System.Diagnostics.Stopwatch]::GetTimestamp() - $start } -OnExit { $null = $directory }
    [System.Console]::Out.WriteLine("$($i -eq 0 ? 'first' : 'further') $ticks")
}
Use-ExitHandler @guarded {
    [System.Console]::Out.WriteLine('ready')
    Start-Sleep -Seconds 600
} -OnExit {
    [System.Console]::Out.WriteLine("begins $([System.Diagnostics.Stopwatch]::GetTimestamp())")
    Remove-Item -LiteralPath $directory
    [System.Console]::Out.WriteLine("removed $([System.Diagnostics.Stopwatch]::GetTimestamp())")
}
