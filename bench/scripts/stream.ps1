# Streams integers through each kind of block, taken in each of three ways; each line is one pass, by turns.
param([string] $Manifest, [int] $Passes, [int] $Count)

Import-Module $Manifest -ErrorAction Stop
# Script blocks are compiled for good when they have run a while: the first passes don't count.
for ($pass = -2; $pass -lt $Passes; $pass++) {
    $t0 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = Use-ExitHandler { 1..$Count } -OnExit { }
    $t1 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = Invoke-Command { 1..$Count }
    $t2 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $null = . { 1..$Count }
    $t3 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    Use-ExitHandler { 1..$Count } -OnExit { } | Out-Null
    $t4 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    Invoke-Command { 1..$Count } | Out-Null
    $t5 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    . { 1..$Count } | Out-Null
    $t6 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    # What was collected before is let go within the time of the next: the same for all three.
    $all = Use-ExitHandler { 1..$Count } -OnExit { }
    $t7 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $all = Invoke-Command { 1..$Count }
    $t8 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    $all = . { 1..$Count }
    $t9 = [System.Diagnostics.Stopwatch]::GetTimestamp()
    if ($pass -ge 0) {
        [System.Console]::Out.WriteLine(@"
scope-null $($t1 - $t0)
invoke-null $($t2 - $t1)
dot-null $($t3 - $t2)
scope-pipe $($t4 - $t3)
invoke-pipe $($t5 - $t4)
dot-pipe $($t6 - $t5)
scope-all $($t7 - $t6)
invoke-all $($t8 - $t7)
dot-all $($t9 - $t8)
"@)
    }
}

if ($all.Count -ne $Count) { throw "$($all.Count) came instead of $Count." }
