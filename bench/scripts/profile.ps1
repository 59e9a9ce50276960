# As latency.ps1, first-call.ps1 and import.ps1, with someone looking on.
param([string] $Manifest, [string] $Profiler, [string] $What)

$listener = [System.Reflection.Assembly]::LoadFrom($Profiler).GetType('GracefulExit.Bench.Profiler.FirstTimeWork')::new()
$from = [System.DateTime]::UtcNow
$until = [System.DateTime]::UtcNow
switch ($What) {
    'signal' {
        Import-Module $Manifest -ErrorAction Stop
        Use-ExitHandler {
            [System.Console]::Out.WriteLine('ready')
            Start-Sleep -Seconds 600
        } -OnExit {
            $until = [System.DateTime]::UtcNow
        }
        # The benchmark knows when it sent the signal, and leaves out what is older.
    }
    'first call' {
        Import-Module $Manifest -ErrorAction Stop
        $from = [System.DateTime]::UtcNow
        $null = Use-ExitHandler { 1 } -OnExit { 2 }
        $until = [System.DateTime]::UtcNow
    }
    'import' {
        $from = [System.DateTime]::UtcNow
        Import-Module $Manifest -ErrorAction Stop
        $until = [System.DateTime]::UtcNow
    }
}

[System.Console]::Out.WriteLine("window $($from.Ticks) $($until.Ticks) -")
$listener.Write([System.Console]::Out, $from, $until)
