# Streams integers through each kind of block, taken in each of three ways; each line is one pass.
param([string] $Manifest, [int] $Passes, [int] $Count)

Import-Module $Manifest -ErrorAction Stop
$kinds = @(
    @{
        Name = 'scope'
        null = { $null = Use-ExitHandler { 1..$Count } -OnExit { } }
        pipe = { Use-ExitHandler { 1..$Count } -OnExit { } | Out-Null }
        all  = { $all = Use-ExitHandler { 1..$Count } -OnExit { } }
    }
    @{
        Name = 'invoke'
        null = { $null = Invoke-Command { 1..$Count } }
        pipe = { Invoke-Command { 1..$Count } | Out-Null }
        all  = { $all = Invoke-Command { 1..$Count } }
    }
    @{
        Name = 'dot'
        null = { $null = . { 1..$Count } }
        pipe = { . { 1..$Count } | Out-Null }
        all  = { $all = . { 1..$Count } }
    }
)

# The first passes don't count: script blocks are compiled for good when they have run a while.
for ($pass = -2; $pass -lt $Passes; $pass++) {
    foreach ($way in 'null', 'pipe', 'all') {
        foreach ($i in 0, 1, 2) {
            # Begun with another one each time, and nobody clears away what another one left.
            $kind = $kinds[($i + $pass + 2) % 3]
            $all = $null
            [System.GC]::Collect()
            $from = [System.Diagnostics.Stopwatch]::GetTimestamp()
            . $kind[$way]
            $to = [System.Diagnostics.Stopwatch]::GetTimestamp()
            if ($way -eq 'all' -and $all.Count -ne $Count) { throw "$($all.Count) came instead of $Count." }
            if ($pass -ge 0) { [System.Console]::Out.WriteLine("$($kind.Name)-$way $($to - $from)") }
        }
    }
}
