#Requires -Version 7.6
<#
.SYNOPSIS
    Runs tests/Unit and tests/Pester, which are built already, and sums up. "dotnet test tests" builds them and starts this.
.DESCRIPTION
    Leaves out/results/counts: "passed failed skipped". The exit status is 1 if a test failed or one of the two was not run.
#>
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [IO.Path]::GetFullPath("$PSScriptRoot/..")
$results = "$root/out/results"
$null = New-Item -ItemType Directory -Path $results -Force
# Nothing of an earlier run may be taken for this one's.
Remove-Item -Path "$results/count[s]", "$results/unit.jso[n]", "$results/pester.jso[n]"

$total = [ordered] @{ Passed = 0; Failed = 0; Skipped = 0 }

# Adds what one of them has left. Status and counts have to agree.
function Add-Count([string] $Name, [int] $Status, [scriptblock] $Read) {
    $counts = try { & $Read } catch { $null }
    if (-not $counts -or $counts.Passed + $counts.Failed -eq 0) {
        "FAILED: $Name has left no results (status $Status)"
        $total.Failed++
        return
    }

    foreach ($kind in @($total.Keys)) { $total[$kind] += $counts.$kind }
    if ($Status -ne 0 -and $counts.Failed -eq 0) {
        "FAILED: $Name ended with status $Status"
        $total.Failed++
    }
}

'== tests/Unit'
dotnet "$root/out/artifacts/bin/Unit/release/GracefulExit.Unit.dll" -noColor -ctrf "$results/unit.json"
Add-Count tests/Unit $LASTEXITCODE {
    $summary = (Get-Content "$results/unit.json" -Raw | ConvertFrom-Json).results.summary
    @{ Passed = $summary.passed; Failed = $summary.failed + $summary.other; Skipped = $summary.skipped }
}

'== tests/Pester'
& "$PSHOME/pwsh" -NoProfile -NonInteractive -File "$PSScriptRoot/Pester/run.ps1"
Add-Count tests/Pester $LASTEXITCODE { Get-Content "$results/pester.json" -Raw | ConvertFrom-Json }

"$($total.Passed) $($total.Failed) $($total.Skipped)" | Set-Content "$results/counts"
"$($total.Passed) passed, $($total.Failed) failed, $($total.Skipped) skipped"
exit ($total.Failed -gt 0 ? 1 : 0)
