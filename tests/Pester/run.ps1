#Requires -Version 7.6
<#
.SYNOPSIS
    Runs the Pester tests, several files side by side.
.DESCRIPTION
    "dotnet build tests/Shell" comes first: it makes the shell, Pester and the module. On Windows it is .ci/run-windows.ps1 that
    does so, and all runs are as with -Windows.

    A test fails once and for all. Only one that has passed a limit of time, and shows nothing else wrong, is tried once more,
    alone, at the end: that is printed as RETRIED and counted.

    Leaves out/results/pester.json. The exit status is 1 if a test failed or none was run.
.PARAMETER Path
    Files of tests, or directories of them.
.PARAMETER Tag
    Only tests with one of these tags, such as A2, the row of docs/contract.md.
.PARAMETER Filter
    Only tests whose full name is like one of these: '*SIGTERM*'.
.PARAMETER PesterVersion
    One of those that Directory.Packages.props names.
.PARAMETER Parallel
    How many files at once.
.PARAMETER Results
    Where to leave the results, instead of out/results.
.PARAMETER Windows
    The tests with the tag Windows, in Windows PowerShell, on Linux under Wine. "dotnet build tests/Windows" comes first.
    Leaves out/results/pester-windows.json.
.PARAMETER Unavailable
    With -Windows: why they can't be run here. They are only counted, as skipped.
.PARAMETER Detailed
    Print each test.
.EXAMPLE
    out/shell/pwsh -NoProfile -File tests/Pester/run.ps1 -Path tests/Pester/Signals.Tests.ps1 -Detailed
#>
param(
    [string[]] $Path = ($PSScriptRoot, "$PSScriptRoot/Places"),
    [string[]] $Tag = @(),
    [string[]] $Filter = @(),
    [version] $PesterVersion,
    [ValidateRange(1, 16)] [int] $Parallel = [Math]::Clamp([Environment]::ProcessorCount + 1, 2, 4),
    [string] $Results,
    [switch] $Windows,
    [string] $Unavailable,
    [switch] $Detailed
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
if (-not $Results) { $Results = "$root/out/results" }
if ($IsWindows) { $Windows = $true }
$underWine = $Windows -and -not $IsWindows -and -not $Unavailable
$kind = $Windows ? 'pester-windows' : 'pester'
$null = New-Item -ItemType Directory -Path "$Results/$kind" -Force
# Nothing of an earlier run may be taken for this one's.
Remove-Item -Path "$Results/$kind/*", "$Results/$kind.jso[n]", "$Results/$kind.count[s]"

# From another shell, by -File, a list comes as one text.
$Path = $Path -split ',' | ForEach-Object Trim
$Tag = @($Tag -split ',' | Where-Object { $_ } | ForEach-Object Trim)

# One line that says what is missing, and a status that is not 0.
function Stop-Run([string] $Message) {
    "FAILED: $Message"
    exit 1
}

$shell = $env:GRACEFULEXIT_PWSH ? $env:GRACEFULEXIT_PWSH : $IsWindows ? "$root/out/windows/pwsh/pwsh.exe" : "$root/out/shell/pwsh"
$named = $env:GRACEFULEXIT_PWSH ? "GRACEFULEXIT_PWSH names '$shell'" : "the shell under test is '$shell'"
if (-not (Get-Command $shell -CommandType Application -ErrorAction Ignore)) {
    Stop-Run "$named, which is not there: run 'dotnet build tests/$($IsWindows ? 'Windows' : 'Shell')' first, or name a pwsh 7.6 or later by GRACEFULEXIT_PWSH."
}

# Mostly it is the one that runs this, and need not be started to tell.
$version = if ($shell -eq [Environment]::ProcessPath) { "PowerShell $($PSVersionTable.PSVersion)" } else { try { & $shell -NoProfile -Version 2>&1 } catch { $_ } }
if (-not ("$version" -match '^PowerShell (\d+\.\d+)' -and [version] $Matches[1] -ge [version] '7.6')) {
    Stop-Run "$named, which says '$version': PowerShell 7.6 or later is needed."
}

if (-not (Test-Path -LiteralPath "$root/out/pester/Pester")) { Stop-Run "there is no '$root/out/pester': run 'dotnet build tests/Shell' first." }

$releases = @(Get-ChildItem -LiteralPath "$root/out/pester/Pester" -Directory | ForEach-Object { [version] $_.Name } | Sort-Object -Descending)
if (-not $PesterVersion) { $PesterVersion = $releases[0] }
if ($PesterVersion -notin $releases) { Stop-Run "there is no Pester $PesterVersion in '$root/out/pester', only $($releases -join ', '): see Directory.Packages.props." }

# The largest first, so that none is left to run alone at the end.
$files = @(Get-ChildItem -Path $Path -Filter *.Tests.ps1 -File -ErrorAction Ignore | Sort-Object Length -Descending)
if (-not $files) { Stop-Run "there is no *.Tests.ps1 in '$($Path -join "', '")'." }

if ($Windows) {
    # Most files have no test for it; looking into each in a shell of its own would take long.
    $files = @($files | Where-Object { Select-String -LiteralPath $_.FullName -Pattern '\bWindows\b' -CaseSensitive -Quiet })
    if (-not $files) { Stop-Run "there is no test with the tag Windows in '$($Path -join "', '")'." }
}

if ($Windows -and -not $Unavailable) {
    if (-not (Test-Path -LiteralPath "$root/out/windows/driver")) { Stop-Run "there is no '$root/out/windows': run 'dotnet build tests/Windows' first." }
}

if ($underWine) {
    # Makes Wine's files where there are none: once, and not within the time limit of a test.
    & "$root/tests/Windows/wine.sh" --make
    if ($LASTEXITCODE -ne 0) { Stop-Run 'Wine could not be set up.' }
}

# A file's own limits are much shorter: this ends what hangs in a test itself.
$limit = [timespan]::FromMinutes(15)
# The line by which a process says that it has done a file.
$done = '== done'
$clock = [Diagnostics.Stopwatch]::StartNew()

# Runs files one after another in one process, which takes them by standard input: to start one, with Pester, takes 2 s of a
# processor. A process that ends, or that has to be ended, is replaced by another one. Run in other runspaces.
$work = {
    param($Settings)

    function Start-Worker {
        $start = [Diagnostics.ProcessStartInfo]::new($Settings.Shell)
        foreach ($argument in '-NoProfile', '-NonInteractive', '-File', $Settings.Worker, '-Done', $Settings.Done) { $start.ArgumentList.Add($argument) }
        # Pester, and nothing of the user's.
        $start.Environment['PSModulePath'] = $Settings.ModulePath
        # .NET compiles no method a second time: that would take half of what this process needs. The shells under test get no such setting.
        $start.Environment['DOTNET_TC_CallCounting'] = '0'
        $start.Environment['DOTNET_EnableWriteXorExecute'] = '0'
        $start.Environment['NO_COLOR'] = '1'
        if ($Settings.Windows) {
            $start.Environment['GRACEFULEXIT_TARGET'] = 'windows'
            $start.Environment['GRACEFULEXIT_WINE'] = 'kept'
        }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        @{ Process = $process; Errors = $process.StandardError.ReadToEndAsync() }
    }

    # Reads until the worker says that the file is done: what it is at then, Ready, Ended or Late, and its log.
    function Read-Log($Worker) {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $lines = [Collections.Generic.List[string]]::new()
        while ($true) {
            $next = $Worker.Process.StandardOutput.ReadLineAsync()
            $left = $Settings.Limit - $clock.Elapsed
            if ($left -le [timespan]::Zero -or -not $next.Wait($left)) { return 'Late', $lines }
            if ($null -eq $next.Result) { return 'Ended', $lines }
            if ($next.Result -ceq $Settings.Done) { return 'Ready', $lines }
            if ($Settings.Live) { [Console]::Out.WriteLine($next.Result) }
            $lines.Add($next.Result)
        }
    }

    $worker = $null
    $job = $null
    while ($Settings.Jobs.TryDequeue([ref] $job)) {
        if (-not $worker) { $worker = Start-Worker }
        $worker.Process.StandardInput.WriteLine(($job | ConvertTo-Json -Compress))
        $worker.Process.StandardInput.Flush()
        $state, $lines = Read-Log $worker
        $log = $lines -join "`n"
        if ($state -ne 'Ready') {
            $worker.Process.Kill($true)
            # What the tests have left running may hold the output open.
            if ($worker.Errors.Wait(10000)) { $log += "`n" + $worker.Errors.Result }
            $worker = $null
        }

        [pscustomobject] @{
            File = [IO.FileInfo] $job.Path
            Ended = $state -ne 'Late'
            Log = $log
            Result = (Test-Path -LiteralPath $job.Result) ? (Get-Content -LiteralPath $job.Result -Raw | ConvertFrom-Json) : $null
        }
    }

    if ($worker) {
        # It ends with its input.
        $worker.Process.StandardInput.Close()
        if (-not $worker.Process.WaitForExit(30000)) { $worker.Process.Kill($true) }
    }
}

function New-Job($File, [int[]] $Line = @()) {
    @{
        Path = $File.FullName
        Result = "$Results/$kind/$($File.BaseName)$($Line ? '.again' : '').json"
        PesterVersion = "$PesterVersion"
        Tag = $Tag
        Filter = $Filter
        Line = $Line
        CountOnly = [bool] $Unavailable
        Quiet = -not $Detailed
    }
}

function New-Setting($Jobs) {
    @{
        Shell = $shell
        Worker = "$PSScriptRoot/Harness/run-files.ps1"
        ModulePath = "$root/out/pester"
        Windows = [bool] $Windows
        Limit = $limit
        Done = $done
        Live = $Detailed -and $files.Count -eq 1
        Jobs = [Collections.Concurrent.ConcurrentQueue[hashtable]]::new([hashtable[]] $Jobs)
    }
}

# The tests of a file that has ended; one that has failed if there are none to be had.
function Get-Test($Run) {
    if ($Run.Ended -and $Run.Result) {
        $Run.Result.Tests | Where-Object { $_ } | Add-Member -NotePropertyName File -NotePropertyValue $Run.File -PassThru
        return
    }

    $why = $Run.Ended ? 'ended without a result' : "did not end within $($limit.TotalMinutes) minutes"
    [pscustomobject] @{ File = $Run.File; Name = '(the whole file)'; Line = 0; Tag = @(); Result = 'Failed'; TimeLimit = $false; Message = "$why`n$($Run.Log)"; Seconds = 0 }
}

function Write-Failure($Test, [string] $Word = 'FAILED') {
    "${Word}: $($Test.File.Name): $($Test.Name)"
    $Test.Message -split "`n" | ForEach-Object { "    $_" }
}

# Wine's own processes have to outlive each file of tests. A second one that finds none starts them as a part of its own run.
$keeper = $null
if ($underWine) {
    $start = [Diagnostics.ProcessStartInfo]::new("$root/tests/Windows/wine.sh")
    foreach ($argument in "$root/out/windows/driver/GracefulExit.Tests.WindowsDriver.exe", 'keep') { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $keeper = [Diagnostics.Process]::Start($start)
    $ready = $keeper.StandardOutput.ReadLineAsync()
    if (-not $ready.Wait(120000) -or $ready.Result -ne 'ready') { Stop-Run 'Wine did not start within 120 s.' }
}

$settings = New-Setting @($files | ForEach-Object { New-Job $_ })
$workText = "$work"
$tests = @(1..[Math]::Min($Parallel, $files.Count) | ForEach-Object -ThrottleLimit $Parallel -Parallel { & ([scriptblock]::Create($using:workText)) $using:settings } | ForEach-Object {
    $own = @(Get-Test $_)
    if ($Detailed -and -not $settings.Live) { Write-Host $_.Log }
    $counts = @('Passed', 'Failed', 'Skipped' | ForEach-Object { $outcome = $_; "$(@($own | Where-Object Result -EQ $outcome).Count) $($outcome.ToLowerInvariant())" }) -join ', '
    Write-Host ('{0,-32} {1} ({2:0.0} s)' -f $_.File.Name, $counts, ($_.Result ? $_.Result.Seconds : 0))
    foreach ($test in $own | Where-Object Result -EQ 'Failed') { Write-Host ((Write-Failure $test) -join "`n") }
    $own
})

# On a busy machine a limit of time that was passed says nothing yet. Alone, it does.
$retried = 0
foreach ($group in $tests | Where-Object { $_.Result -eq 'Failed' -and $_.TimeLimit } | Group-Object { $_.File.FullName }) {
    $late = @($group.Group)
    $again = @(Get-Test (& $work (New-Setting (New-Job $late[0].File @($late.Line | Sort-Object -Unique)))))
    foreach ($test in $late) {
        $retried++
        # The other cases of the same It block are run again too; theirs is no second chance.
        $second = @($again | Where-Object { $_.Name -eq $test.Name -and $_.Result -eq 'Passed' })
        if ($second) {
            "RETRIED: $($test.File.Name): $($test.Name): passed a limit of time, and not when run again alone"
            $test.Result = 'Passed'
        }
        else {
            "RETRIED: $($test.File.Name): $($test.Name): failed again"
        }
    }
}

# It ends with its standard input.
if ($keeper) {
    $keeper.StandardInput.Close()
    if (-not $keeper.WaitForExit(10000)) { $keeper.Kill() }
}

$failures = @($tests | Where-Object Result -EQ 'Failed')
$passed = @($tests | Where-Object Result -EQ 'Passed').Count
$skips = @($tests | Where-Object Result -EQ 'Skipped')
if ($files.Count -gt 1 -and $failures) {
    ''
    '== Failures'
    # Whole, up to a number of lines: of a long log often only the end is kept.
    foreach ($test in $failures) { Write-Failure $test | Select-Object -First ($failures.Count -gt 5 ? 3 : 60) }
}

if ($Unavailable) { "SKIPPED: $($skips.Count) tests in Windows PowerShell: $Unavailable" }
else { foreach ($test in $skips) { "SKIPPED: $($test.File.Name): $($test.Name): $($test.Message)" } }
if ($tests.Count -eq 0) {
    'FAILED: no test was run: nothing matches -Tag or -Filter.'
}

$failed = [Math]::Max($failures.Count, $tests.Count -eq 0 ? 1 : 0)
[ordered] @{
    Passed = $passed
    Failed = $failed
    Skipped = $skips.Count
    Retried = $retried
    Seconds = $clock.Elapsed.TotalSeconds
    # By row of the contract.
    Tags = $tests | ForEach-Object { $_.Tag } | Where-Object { $_ } | Group-Object -NoElement | Sort-Object Name | ForEach-Object -Begin { $rows = [ordered] @{} } -Process { $rows[$_.Name] = $_.Count } -End { $rows }
} | ConvertTo-Json | Set-Content -LiteralPath "$Results/$kind.json"
"$passed $failed $($skips.Count)" | Set-Content -LiteralPath "$Results/$kind.counts"
"Pester ${PesterVersion}$($Windows ? ', Windows PowerShell' : ''): $passed passed, $failed failed, $($skips.Count) skipped, $retried retried ($($clock.Elapsed.TotalSeconds.ToString('0')) s)"
exit ($failed -gt 0 ? 1 : 0)
