# Every scenario of tests/Scenarios in the pwsh that runs this file. The driver assembly starts the shells and sends
# the signals, as for the xunit tests.

BeforeDiscovery {
    . "$PSScriptRoot/Driver.ps1"
    $index = 0
    $cases = foreach ($scenario in [GracefulExit.Tests.Driver.ScenarioTable]::Load()) {
        if ($scenario.Shells -contains 'pwsh') {
            @{ Name = $scenario.Name; Title = $scenario.Title; Scenario = $scenario; Index = $index++ }
        }
    }
}

Describe 'Scenarios' -Tag 'Scenarios' -ForEach @{ Cases = $cases } {
    BeforeAll {
        . "$PSScriptRoot/Driver.ps1"
        $shell = [GracefulExit.Tests.Driver.ShellUnderTest]::new('pwsh', [Environment]::ProcessPath)
        $pool = [GracefulExit.Tests.Driver.ScenarioPool]::new()
        $ahead = @{ Next = 0 }
    }

    # Each by the name that it has, not as '<Name>: <Title>': a filter sees what is written here.
    foreach ($case in $cases) {
        It ("$($case.Name): $($case.Title)" -replace '<', '`<') -ForEach $case {
            # The next few run beside this one; not all at once, as a filter may leave only some to be run.
            $ahead.Next = [Math]::Max($ahead.Next, $Index)
            while ($ahead.Next -lt [Math]::Min($Index + $pool.Degree, $Cases.Count)) {
                $pool.Plan($Cases[$ahead.Next++].Scenario, $shell)
            }

            $result = $pool.Result($Scenario, $shell)
            if ($result.Outcome -eq 'Skipped') {
                Set-ItResult -Skipped -Because $result.Message
                return
            }

            "$($result.Status)" | Should -BeIn @("$($Scenario.Status)", "$($Scenario.OrStatus ?? $Scenario.Status)") -Because $result.Message
            if ($null -ne $Scenario.Stdout) {
                $result.Output -join "`n" | Should -BeExactly ($Scenario.Stdout -join "`n") -Because $result.Message
            }

            if ($Scenario.Stderr.Count -eq 0) {
                $result.ErrorOutput | Should -BeNullOrEmpty -Because $result.Message
            }
            else {
                foreach ($pattern in $Scenario.Stderr) {
                    $result.ErrorOutput | Should -Match "(?m)$pattern" -Because $result.Message
                }
            }

            # All else: steps, order, files, processes left behind.
            $result.Problems | Should -BeNullOrEmpty -Because $result.Message
        }
    }
}
