Describe 'Testing a script of one''s own with Pester' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the example''s tests pass and leave nothing behind (a request in a mock, a signal to a process); without the clean-up they fail' -Tag G8 {
        Skip-Unless -Linux
        $pester = (Get-Module Pester).Path
        $module = Get-ModulePath
        $run = Start-Script -TimeLimit 120 {
            Import-Module $using:pester
            $example = "$using:PSScriptRoot/../../examples/testing"
            $result = Invoke-Pester -Path $example -Output None -PassThru
            $result.Failed | ForEach-Object { "$($_.ExpandedName): $($_.ErrorRecord)" }
            "$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
            "active scopes: $(@(Get-ExitHandler).Count)"

            $directory = (New-Item -ItemType Directory -Path example).FullName
            Copy-Item $example/* $directory
            (Get-Content $directory/Export-Hash.ps1) -replace '^ +Remove-Item.*' -replace '^Import-Module.*', "Import-Module '$using:module'" |
                Set-Content $directory/Export-Hash.ps1
            $result = Invoke-Pester -Path $directory -Output None -PassThru
            "without the clean-up: $($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
        }
        $run | Assert-Run -OutputMatch '\A5 passed, 0 failed, 0 skipped\n', '\Gactive scopes: 0\n', 'without the clean-up: 1 passed, 4 failed, 0 skipped\n\z'
    }
}
