# Calls again and again in one process; each line is a batch, by turns.
param([string] $Manifest, [int] $Batches, [int] $Calls)

Import-Module $Manifest -ErrorAction Stop
# Batches below zero are warm-up: until code that is called often has been compiled anew.
for ($batch = -10; $batch -lt $Batches; $batch++) {
    $start = [System.Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $Calls; $i++) { $null = Use-ExitHandler { 1 } -OnExit { 2 } }
    $scope = [System.Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $Calls; $i++) { $null = Invoke-Command { 1 }; $null = Invoke-Command { 2 } }
    $two = [System.Diagnostics.Stopwatch]::GetTimestamp()
    for ($i = 0; $i -lt $Calls; $i++) { $null = try { & { 1 } } finally { & { 2 } } }
    $try = [System.Diagnostics.Stopwatch]::GetTimestamp()
    if ($batch -ge 0) {
        [System.Console]::Out.WriteLine("scope $($scope - $start)`ntwo $($two - $scope)`ntry $($try - $two)")
    }
}
