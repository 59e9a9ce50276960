# The first call in a process. What is called is named before, so that the clock is all that the two readings share.
param([string] $Manifest, [string] $What)

Import-Module $Manifest -ErrorAction Stop
$null = [System.Diagnostics.Stopwatch]::GetTimestamp()
switch ($What) {
    'Use-ExitHandler' {
        $from = [System.Diagnostics.Stopwatch]::GetTimestamp()
        $null = Use-ExitHandler { 1 } -OnExit { 2 }
        $to = [System.Diagnostics.Stopwatch]::GetTimestamp()
    }
    'Invoke-Command' {
        $from = [System.Diagnostics.Stopwatch]::GetTimestamp()
        $null = Invoke-Command { 1 }
        $null = Invoke-Command { 2 }
        $to = [System.Diagnostics.Stopwatch]::GetTimestamp()
    }
    'try' {
        $from = [System.Diagnostics.Stopwatch]::GetTimestamp()
        $null = try { & { 1 } } finally { & { 2 } }
        $to = [System.Diagnostics.Stopwatch]::GetTimestamp()
    }
}

[System.Console]::Out.WriteLine("ticks $($to - $from)")
