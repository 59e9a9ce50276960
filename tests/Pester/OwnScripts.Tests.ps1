Describe 'Testing a script of one''s own with Pester' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'the example''s tests pass, and leave nothing behind: a request in a mock, and a signal to a process' -Tag G8 {
        Skip-Unless -Linux
        $pester = (Get-Module Pester).Path
        $run = Start-Script -TimeLimit 60 {
            Import-Module $using:pester
            $result = Invoke-Pester -Path "$using:PSScriptRoot/../../examples/testing" -Output None -PassThru
            $result.Failed | ForEach-Object { "$($_.ExpandedName): $($_.ErrorRecord)" }
            "$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
            "active scopes: $(@(Get-ExitHandler).Count)"
        }
        $run | Assert-Run -Output @(
            '5 passed, 0 failed, 0 skipped'
            'active scopes: 0'
        )
    }

    It 'a clean-up that is missing is seen' -Tag G8 {
        Skip-Unless -Linux
        $pester = (Get-Module Pester).Path
        $module = Get-ModulePath
        $run = Start-Script -TimeLimit 60 {
            $directory = (New-Item -ItemType Directory -Path example).FullName
            Copy-Item "$using:PSScriptRoot/../../examples/testing/*" $directory
            (Get-Content $directory/Export-Hash.ps1) -replace '^ +Remove-Item.*' -replace '^Import-Module.*', "Import-Module '$using:module'" |
                Set-Content $directory/Export-Hash.ps1
            Import-Module $using:pester
            $result = Invoke-Pester -Path $directory -Output None -PassThru
            "$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped"
        }
        $run | Assert-Run -OutputMatch '1 passed, 4 failed, 0 skipped\n$'
    }
}
