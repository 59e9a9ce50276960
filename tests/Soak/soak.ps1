#Requires -Version 7.6
<#
.SYNOPSIS
    One process that begins and ends scopes for a long time, by all signals in turn, and tells what it has in use meanwhile.
.DESCRIPTION
    Each scope's body is of another kind and is ended by another signal, which is a real one, sent to the process itself by kill(2).
    Every tenth scope has a guard, every fifth one another scope within, every seventh pushes a block, every hundredth a
    handler is registered and unregistered. Every second one has time limits of two hours.

    Leaves a table of the samples (CSV) and a plot (SVG). The exit status is 1 if an exit block was lost or ran twice, or if
    something has grown: the medians of the last quarter of the samples are compared with those of the second quarter.
.PARAMETER Minutes
    How long.
.PARAMETER Path
    Where the files go, without an extension.
.PARAMETER PauseMilliseconds
    Between one scope and the next, so that others have the machine too.
.EXAMPLE
    out/shell/pwsh -NoProfile -File tests/Soak/soak.ps1 -Minutes 60
#>
param(
    [double] $Minutes = 60,
    [string] $Path = "$PSScriptRoot/../../out/soak/soak",
    [int] $PauseMilliseconds = 20
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module ($env:GRACEFULEXIT_MODULE ? $env:GRACEFULEXIT_MODULE : "$PSScriptRoot/../../out/GracefulExit")
$null = New-Item -ItemType Directory -Path (Split-Path $Path) -Force

# No Ctrl+C of a terminal is meant: the status of the whole is the script's.
$signals = 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU'
$ignored = [System.IO.File]::ReadAllText('/proc/self/status') -match '(?m)^SigIgn:\s+(\w+)' ? [Convert]::ToInt64($Matches[1], 16) : 0
# Bits 0 to 2: SIGHUP, SIGINT, SIGQUIT. What a process inherits as ignored stays ignored.
if ($ignored -band 7) { throw 'SIGHUP, SIGINT or SIGQUIT is ignored, as by nohup or in the background of a script: begin with "env --default-signal".' }

$bodies = @(
    { Start-Sleep 1000 }
    { while ($true) { } }
    { [System.Threading.Thread]::Sleep(1000000) }
    { 1..1000000000 | ForEach-Object { $_ } | Where-Object { $_ -lt 0 } }
    { Start-Sleep 1000 | Out-Null }
    { try { while ($true) { Start-Sleep -Milliseconds 1 } } finally { $script:unwound++ } }
    { /bin/sleep 1000 }
    { Wait-ExitRequest; throw 'not seen: the request came first' }
    { $null = [System.Threading.SemaphoreSlim]::new(0).Wait(1000000) }
)

# In a runspace of its own: it sends the signal when the body has begun.
$begun = [System.Collections.Concurrent.BlockingCollection[string]]::new()
$sender = [powershell]::Create([initialsessionstate]::CreateDefault2())
$null = $sender.AddScript({
    param($module, $begun, $process)
    Import-Module $module
    foreach ($signal in $begun.GetConsumingEnumerable()) {
        [System.Threading.Thread]::Sleep(2)
        Send-ExitRequest -Id $process -Signal $signal
    }
}).AddArgument((Get-Module GracefulExit).Path).AddArgument($begun).AddArgument($PID)
$sending = $sender.BeginInvoke()

function Get-Sample([double] $Minute) {
    $status = [System.IO.File]::ReadAllText('/proc/self/status')
    [pscustomobject] @{
        Minute = [Math]::Round($Minute, 2)
        Scopes = $script:scopes
        Threads = [int] ($status -match '(?m)^Threads:\s+(\d+)' ? $Matches[1] : -1)
        Descriptors = [System.IO.Directory]::GetFiles('/proc/self/fd').Count
        # Without what waits to be collected.
        HeapMegabytes = [Math]::Round([GC]::GetTotalMemory($true) / 1MB, 2)
        ResidentMegabytes = [Math]::Round([long] ($status -match '(?m)^VmRSS:\s+(\d+)' ? $Matches[1] : -1) / 1024, 1)
        Handlers = @(Get-ExitHandler).Count
        Problems = $script:problems
    }
}

# One curve for each column, one above the other, each from zero on.
function Write-Plot($Samples, [string] $File) {
    $series = 'Threads', 'Descriptors', 'HeapMegabytes', 'ResidentMegabytes'
    $last = [Math]::Max(0.01, $Samples[-1].Minute)
    $svg = foreach ($index in 0..($series.Count - 1)) {
        $name = $series[$index]
        $top = ($Samples.$name | Measure-Object -Maximum).Maximum
        $y = 30 + 110 * $index
        $points = foreach ($sample in $Samples) {
            [string]::Format([cultureinfo]::InvariantCulture, '{0:0.#},{1:0.#}', 60 + 640 * $sample.Minute / $last, $y + 80 - 70 * $sample.$name / [Math]::Max($top, 0.01))
        }
        "<text x=""60"" y=""$y"">$($name -creplace '(?<=[a-z])([A-Z])', ' $1'), up to $top</text>"
        "<path d=""M60 $($y + 80)H700"" stroke=""#bbb""/><polyline points=""$($points -join ' ')"" fill=""none"" stroke=""#2a6fb0"" stroke-width=""1.5""/>"
    }
    @(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 480" font-family="sans-serif" font-size="13">'
        '<rect width="760" height="480" fill="#fff"/>'
        $svg
        "<text x=""60"" y=""470"">0</text><text x=""700"" y=""470"" text-anchor=""end"">$last minutes, $($Samples[-1].Scopes) scopes</text></svg>"
    ) | Set-Content -LiteralPath $File
}

$scopes = $problems = $unwound = 0
$samples = [System.Collections.Generic.List[object]]::new()
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$sampledAt = [timespan]::Zero
$samples.Add((Get-Sample 0))
while ($clock.Elapsed.TotalMinutes -lt $Minutes) {
    $signal = $signals[$scopes % $signals.Count]
    $body = $bodies[[Math]::Floor($scopes / $signals.Count) % $bodies.Count]
    $count = 0
    $use = @{ Signal = $signals; Guard = ($scopes % 10 -eq 0); WarningAction = 'SilentlyContinue' }
    # Longer than the whole run: what is kept until a time limit has passed is seen as growth.
    if ($scopes % 2) { $use.StopTimeoutSeconds = $use.ExitTimeoutSeconds = 7200 }
    if ($scopes % 100 -eq 0) { Register-ExitHandler { } -PassThru | Unregister-ExitHandler }
    Use-ExitHandler @use {
        if ($scopes % 7 -eq 0) { Add-ExitBlock { $script:count += 10 } }
        if ($scopes % 5 -eq 0) {
            Use-ExitHandler -Append -Signal $signals { $begun.Add($signal); . $body } -OnExit { $script:count += 100 }
        }
        else {
            $begun.Add($signal)
            . $body
        }
    } -OnExit {
        $script:count++
        if ($_.Signal -ne $signal) { $script:count += 1000 }
    } | Out-Null
    $expected = 1 + ($scopes % 7 -eq 0 ? 10 : 0) + ($scopes % 5 -eq 0 ? 100 : 0)
    if ($count -ne $expected) {
        $problems++
        "scope $scopes, $signal, body $body`: expected $expected, got $count"
    }

    $scopes++
    [System.Threading.Thread]::Sleep($PauseMilliseconds)
    if ($clock.Elapsed - $sampledAt -ge [timespan]::FromSeconds([Math]::Min(15, $Minutes * 60 / 40))) {
        $sampledAt = $clock.Elapsed
        $samples.Add((Get-Sample $clock.Elapsed.TotalMinutes))
        $samples | Export-Csv -LiteralPath "$Path.csv"
    }
}

$begun.CompleteAdding()
if (-not $sending.AsyncWaitHandle.WaitOne(10000)) { $problems++; 'The sender has not ended.' }
foreach ($failure in $sender.Streams.Error) { $problems++; "The sender: $failure" }
$samples.Add((Get-Sample $clock.Elapsed.TotalMinutes))
$samples | Export-Csv -LiteralPath "$Path.csv"
Write-Plot $samples "$Path.svg"

$quarter = [Math]::Floor($samples.Count / 4)
$grown = foreach ($limit in @{ Name = 'Threads'; By = 3 }, @{ Name = 'Descriptors'; By = 5 }, @{ Name = 'HeapMegabytes'; By = 2 }, @{ Name = 'ResidentMegabytes'; By = 25 }, @{ Name = 'Handlers'; By = 0 }) {
    $early, $late = ($samples[$quarter..(2 * $quarter)], $samples[(-$quarter)..-1]) | ForEach-Object {
        $sorted = @($_.($limit.Name) | Sort-Object)
        $sorted[[Math]::Floor($sorted.Count / 2)]
    }
    "$($limit.Name): $early in the second quarter, $late in the last" | Write-Host
    if ($late - $early -gt $limit.By) { $limit.Name }
}

"$scopes scopes in $([Math]::Round($clock.Elapsed.TotalMinutes, 1)) minutes; $problems problems; grown: $($grown ? $grown -join ', ' : 'nothing')"
exit ($problems -gt 0 -or $grown ? 1 : 0)
