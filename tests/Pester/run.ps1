<#
    Runs the Pester tests with Pester 5 or 6, whichever is loaded or found first:

        pwsh -NoProfile -File tests/Pester/run.ps1 [-Path file] [-Filter '*A2-*']

    -Filter: full names, such as 'Scenarios.A2-sigterm: …', with wildcards.
    Leaves out/results/pester.xml (NUnit) and pester.counts ("passed failed skipped"); exits with 1 if anything failed
    or nothing was run.
#>
param(
    [string[]] $Path = $PSScriptRoot,
    [string] $Filter
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# One that has been imported before wins: two Pesters in one process do not get on.
if (-not (Get-Module Pester)) {
    Import-Module Pester -MinimumVersion 5.0
}

$results = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/results")
$null = New-Item -ItemType Directory -Path $results -Force
# Nothing of an earlier run may be taken for this one's.
Remove-Item -Path "$results/pester.*"

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnitXml'
$configuration.TestResult.OutputPath = "$results/pester.xml"
if ($Filter) {
    $configuration.Filter.FullName = $Filter
}

$run = Invoke-Pester -Configuration $configuration

$skipped = $run.SkippedCount
$inconclusive = $run.PSObject.Properties['InconclusiveCount']
$failed = $run.FailedCount + ($null -eq $inconclusive ? 0 : $inconclusive.Value)
if ($failed -eq 0 -and ($run.Result -ne 'Passed' -or $run.FailedContainersCount -gt 0 -or $run.FailedBlocksCount -gt 0)) {
    # A file that can't be read has no tests to fail.
    $failed = 1
}

if ($run.TotalCount -eq $run.NotRunCount) {
    "FAILED: no test was run: -Filter '$Filter' selects none of the $($run.TotalCount) in $($Path -join ', ')"
    $failed = [Math]::Max($failed, 1)
}

"$($run.PassedCount) $failed $skipped" | Set-Content -LiteralPath "$results/pester.counts"
"Pester $((Get-Module Pester).Version): passed $($run.PassedCount), failed $failed, skipped $skipped"
exit ($failed -gt 0 ? 1 : 0)
