# Runs one file of tests in this process and leaves what came of it as JSON.
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Result,
    [Parameter(Mandatory)] [version] $PesterVersion,
    [string[]] $Tag = @(),
    [string[]] $Filter = @(),
    # Of the It blocks to run.
    [int[]] $Line = @(),
    # Only tell which tests there are, as skipped ones.
    [switch] $CountOnly,
    # Run the tests, but print nothing of them.
    [switch] $Quiet
)

# No strict mode: the tests would inherit it.
$ErrorActionPreference = 'Stop'

# The tags of a test and of the blocks around it.
function Get-Tag($Test) {
    $Test.Tag
    for ($block = $Test.Block; $block -and -not $block.IsRoot; $block = $block.Parent) { $block.Tag }
}

# Windows does not have what the test asks for, as the harness has found: then it is none of its tests.
function Test-NotOnWindows($Test) {
    $Test.Result -eq 'Skipped' -and "$($Test.ErrorRecord)" -like '*because Windows does not have *'
}

Import-Module Pester -RequiredVersion $PesterVersion
$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Quiet ? 'None' : 'Detailed'
$configuration.Output.CIFormat = 'None'
if ($env:GRACEFULEXIT_TARGET -eq 'windows') {
    # Tests with the tag Windows that have the other tags too. Pester itself takes those that have any of them.
    $configuration.Run.SkipRun = $true
    $configuration.Output.Verbosity = 'None'
    $found = Invoke-Pester -Configuration $configuration
    $configuration.Run.SkipRun = $false
    $configuration.Output.Verbosity = $Quiet ? 'None' : 'Detailed'
    $Line = @($found.Tests | Where-Object {
            $tags = @(Get-Tag $_)
            $name = $_.Path -join '.'
            'Windows' -in $tags -and (-not $Tag -or ($Tag | Where-Object { $_ -in $tags })) -and (-not $Filter -or ($Filter | Where-Object { $name -like $_ })) -and
            (-not $Line -or $_.StartLine -in $Line)
        } | ForEach-Object { $_.StartLine } | Sort-Object -Unique)
    $Tag = $Filter = @()
    # No test stands there: none is run then. On the first line would stand the block around all of them.
    if (-not $Line) { $Line = @([int]::MaxValue) }
}
else {
    # A test that only Windows has is none that is left out here.
    $configuration.Filter.ExcludeTag = 'WindowsOnly'
}

if ($CountOnly) { $configuration.Run.SkipRun = $true }

if ($Tag) { $configuration.Filter.Tag = $Tag }
if ($Filter) { $configuration.Filter.FullName = $Filter }
if ($Line) { $configuration.Filter.Line = @($Line | ForEach-Object { "${Path}:$_" }) }

$run = Invoke-Pester -Configuration $configuration

function Get-Message($Records) {
    (@($Records) | Where-Object { $_ } | ForEach-Object {
        $trace = ($_.ScriptStackTrace -split "`n" | Where-Object { $_ -match '\.Tests\.ps1' } | Select-Object -First 1) -replace '^at ', 'at '
        "$($_.Exception.Message)$($trace ? "`n$trace" : '')"
    }) -join "`n"
}

$tests = @(
    foreach ($test in $run.Tests | Where-Object { $CountOnly ? $_.StartLine -in $Line : $_.Result -ne 'NotRun' } | Where-Object { -not (Test-NotOnWindows $_) }) {
        $records = @($test.ErrorRecord | Where-Object { $_ })
        [ordered] @{
            Name = $test.ExpandedPath
            Line = $test.StartLine
            Tag = @(Get-Tag $test | Where-Object { $_ } | Sort-Object -Unique)
            # What is neither passed nor skipped, such as inconclusive, has failed.
            Result = $CountOnly ? 'Skipped' : $test.Result -in 'Passed', 'Skipped' ? $test.Result : 'Failed'
            # Nothing but a limit of time was passed.
            TimeLimit = $records.Count -gt 0 -and -not ($records | Where-Object { $_.FullyQualifiedErrorId -notlike 'TimeLimit,*' })
            Message = switch ($test.Result) {
                'NotRun' { 'only counted' }
                'Skipped' { $records[0].Exception.Message -replace '^is skipped, because ' }
                default { $records ? (Get-Message $records) : 'a block around it has failed' }
            }
            Seconds = $test.Duration.TotalSeconds
        }
    }

    # What is wrong outside of the tests: a file that can't be read, a BeforeAll block that fails.
    foreach ($broken in @($run.FailedBlocks) + @($run.FailedContainers) | Where-Object { $_ -and $_.ErrorRecord }) {
        [ordered] @{
            Name = "$($broken.PSObject.Properties['Path'] ? $broken.Path -join '.' : $broken) (outside of its tests)"
            Line = 0
            Tag = @()
            Result = 'Failed'
            TimeLimit = $false
            Message = Get-Message $broken.ErrorRecord
            Seconds = 0
        }
    }
)

[ordered] @{ Tests = $tests; Seconds = $run.Duration.TotalSeconds } | ConvertTo-Json -Depth 5 | Set-Content -LiteralPath $Result
