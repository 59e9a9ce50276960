# How a script's clean-up is tested with Pester 5 or 6: Invoke-Pester Export-Hash.Tests.ps1
Describe 'Export-Hash.ps1' {
    BeforeAll {
        $script = "$PSScriptRoot/Export-Hash.ps1"
        Import-Module GracefulExit -ErrorAction Ignore
        if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../../out/GracefulExit" -ErrorAction Stop }
    }

    BeforeEach {
        $photos = (New-Item -ItemType Directory -Path "$TestDrive/$(New-Guid)").FullName
        1..3 | ForEach-Object { Set-Content -LiteralPath "$photos/$_.jpg" -Value $_ }
        $list = "$photos.csv"
    }

    It 'leaves the whole list' {
        & $script -Path $photos -Target $list
        Import-Csv -LiteralPath $list | Should -HaveCount 3
    }

    # In this process: a command that the script calls is mocked, and asks for the exit at that very moment. Nothing runs at the same
    # time as anything else, so nothing has to be waited for. The script's scope has to be one that goes on afterwards, as by default:
    # with -AfterSignal Exit it would end this process, Pester and all.
    It 'leaves nothing when <_> comes halfway' -ForEach SIGTERM, SIGINT, SIGHUP {
        $signal = $_
        Mock Get-FileHash { Send-ExitRequest -Signal $signal }
        & $script -Path $photos -Target $list | Should -Be "Removed the unfinished list, because of $signal"
        Should -Invoke Get-FileHash -Exactly -Times 1
        "$list", "$list.partial" | Should -Not -Exist
    }

    # As a process of its own, with a real signal: for any script, and for its exit status. A function in the place of the command says
    # when the signal may come. Not on Windows, where no SIGTERM can be sent to another process.
    It 'leaves nothing when its process gets SIGTERM' -Skip:$IsWindows {
        $start = [System.Diagnostics.ProcessStartInfo]::new((Get-Process -Id $PID).Path)
        $start.RedirectStandardOutput = $true
        $command = "function Get-FileHash { [Console]::WriteLine('ready'); Start-Sleep 1000 }; & '$script' -Path '$photos' -Target '$list'"
        foreach ($argument in '-NoProfile', '-NonInteractive', '-Command', $command) { $start.ArgumentList.Add($argument) }
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $line = $process.StandardOutput.ReadLineAsync()
            $line.Wait(30000) | Should -BeTrue
            $line.Result | Should -Be ready
            Send-ExitRequest -Id $process.Id
            $process.WaitForExit(30000) | Should -BeTrue
            $process.StandardOutput.ReadToEnd().Trim() | Should -Be 'Removed the unfinished list, because of SIGTERM'
            $process.ExitCode | Should -Be 0
            "$list", "$list.partial" | Should -Not -Exist
        }
        finally {
            if (-not $process.HasExited) { $process.Kill() }
        }
    }
}
