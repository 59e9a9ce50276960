# Surroundings in which something is missing that a shell takes for granted: the promise, or an error before the body begins.
BeforeDiscovery {
    # Start: what sh does, in a mount namespace of its own, before it becomes the shell under test. Show: what the script must find.
    $full = 'mkdir full && mount -t tmpfs -o size=4k full full && ! head -c 8k /dev/zero 2>/dev/null >full/file'
    $surroundings = @(
        @{
            Name = 'no HOME'
            Start = 'unset HOME XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME'
            Show = { $env:HOME ?? 'hostile' }
        }
        @{
            Name = 'a full home'
            Start = "$full; unset XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME; export HOME=`"`$PWD/full`""
            Show = { try { [IO.File]::WriteAllText("$HOME/new", 'x' * 100) } catch { 'hostile' } }
        }
        @{
            Name = 'a full temporary folder'
            Start = "$full; export TMPDIR=`"`$PWD/full`""
            Show = { try { [IO.File]::WriteAllText("$([IO.Path]::GetTempPath())/new", 'x' * 100) } catch { 'hostile' } }
        }
        @{
            Name = 'a read-only temporary folder'
            Start = 'mkdir locked && mount -t tmpfs -o ro locked locked && export TMPDIR="$PWD/locked"'
            Show = { try { [IO.Path]::GetTempFileName() } catch { 'hostile' } }
        }
        @{
            Name = 'a user without rights'
            Start = 'chmod -R a+rwX . && set -- setpriv --reuid 64124 --regid 64124 --clear-groups --no-new-privs "$@"'
            Show = { [Environment]::IsPrivilegedProcess ? 'privileged' : 'hostile' }
        }
    )
}

Describe 'Hostile surroundings: <Name>' -Tag Contract, H5 -ForEach $surroundings {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"
        $shell = 'unshare', '--mount', 'sh', '-c', "$Start || exit 99; exec `"`$@`"", 'sh', (Get-ShellPath)
    }

    It 'SIGTERM: the exit block runs, and the caller goes on; SIGKILL: the guard runs the exit block' -Tag A2, E1 {
        Skip-Unless -Linux -Root -Program setpriv
        $run = Start-Script -Shell $shell {
            . $using:guard
            & $using:Show
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
            'caller goes on'
            Use-ExitHandler -Guard { Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output hostile, ready, 'exit block: SIGTERM', 'caller goes on', 'exit block: Killed' -Status SIGKILL
    }
}

Describe 'Hostile surroundings: few descriptors' -Tag Contract, H5 {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"

        # Opens files until no more can be; Close-One gives one descriptor back, Close-All all of them.
        $useUp = {
            $open = [Collections.Generic.Stack[IDisposable]]::new()
            function Close-One { $open.Pop().Dispose() }
            function Close-All { while ($open.Count) { Close-One } }
            $null = & { } # What a call needs is loaded by now.
            prlimit --pid $PID --nofile=256
            try { while ($true) { $open.Push([IO.File]::OpenHandle('/dev/null')) } } catch { 'no descriptor is left' }
        }
    }

    It 'none, then one more each time: the scope as usual, or an error before the body begins; with all of them it is as usual again' -Tag A2 {
        Skip-Unless -Linux -Program prlimit
        $run = Start-Script {
            # Loads what it needs.
            Send-Signal CONT
            . $using:useUp
            foreach ($free in 0..12) {
                $body = $exit = 0
                try { Use-ExitHandler { $body++; Send-Signal TERM; Wait-Forever } -OnExit { $exit++ } -StopTimeoutSeconds 20 }
                catch { $failed = "$_" }
                "$free`: $($body -eq $exit)"
                Close-One
            }
            Close-All
            "refused: $failed"
            Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "exit block: $($_.Signal)" }
        }
        $run | Assert-Run -OutputMatch @(
            '\Ano descriptor is left\n'
            foreach ($free in 0..12) { "\G${free}: True\n" }
            '\Grefused: .*limit of .* open files'
            '^exit block: SIGTERM\n\z'
        )
    }

    It 'the same with a guard: an error before the body begins, until there are enough; then SIGKILL, and the guard runs the exit block' -Tag E1 {
        Skip-Unless -Linux -Program prlimit
        $run = Start-Script {
            . $using:guard
            Send-Signal CONT
            . $using:useUp
            while ($true) {
                try { Use-ExitHandler -Guard { Out-Line 'body'; Close-All; Stop-Owner } -OnExit { Out-Line "exit block: $($_.Reason)" } }
                catch { Out-Line "refused: $_" }
                Close-One
            }
        }
        $run | Assert-Run -OutputMatch '\Ano descriptor is left\n(refused: .*Nothing has run.*\n)+body\nexit block: Killed\n\z' -Status SIGKILL
    }
}

Describe 'Hostile surroundings: the limit of threads' -Tag Contract, H5 {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        # As a user who has no other process: the limit counts this process's threads only.
        $alone = 'sh', '-c', 'chmod -R a+rwX . && exec setpriv --reuid 64125 --regid 64125 --clear-groups "$0" "$@"', (Get-ShellPath)
        $limit = { prlimit --pid $PID "--nproc=$([IO.Directory]::GetDirectories('/proc/self/task').Count)" }
    }

    It 'SIGTERM, and no thread more is to be had: the exit block runs, and the caller goes on' -Tag A2 {
        Skip-Unless -Linux -Root -Program setpriv, prlimit
        $run = Start-Script -Shell $alone {
            Use-ExitHandler { & $using:limit; Out-Line 'ready'; Wait-Forever } -OnExit { Out-Line "exit block: $($_.Signal)" }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', 'caller goes on'
    }

    It 'a guard can''t be started: an error before the body begins, which says so' -Tag E1 {
        Skip-Unless -Linux -Root -Program setpriv, prlimit
        $run = Start-Script -Shell $alone {
            Use-ExitHandler { 'first body' } -OnExit { }
            & $using:limit
            try { Use-ExitHandler -Guard { 'body' } -OnExit { 'exit block' } }
            catch { "refused: $($_.FullyQualifiedErrorId)" }
            'caller goes on'
        }
        $run | Assert-Run -Output 'first body', 'refused: GuardFailed,GracefulExit.Commands.UseExitHandlerCommand', 'caller goes on'
    }
}

Describe 'Hostile surroundings: the module is <Name>' -Tag Contract, H5 -ForEach @(
    @{ Name = 'removed'; Change = { Remove-Module GracefulExit }; Says = @() }
    @{ Name = 'imported again'; Change = { Import-Module $env:GRACEFULEXIT_MODULE -Force }; Says = @() }
    @{ Name = 'imported in another version too'; Change = { Import-Module ./other/GracefulExit.psd1; (Get-Module GracefulExit).Version -join ', ' }; Says = , '%, 0.0.1' }
) {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"
        # A package has a folder for its version.
        $manifest = (Get-ChildItem -LiteralPath (Get-ModulePath) -Filter GracefulExit.psd1 -Recurse -Depth 1 | Select-Object -First 1).FullName
        $version = (Import-PowerShellDataFile $manifest).ModuleVersion
        $says = $Says -replace '%', $version

        # The module under test with another version's number, in the manifest and in each assembly.
        $copy = {
            Copy-Item (Get-Module GracefulExit).ModuleBase other -Recurse
            (Get-Content other/GracefulExit.psd1) -replace "(?<=^\s*ModuleVersion\s*= ')[^']*", '0.0.1' | Set-Content other/GracefulExit.psd1
            foreach ($file in Get-ChildItem other -Filter *.dll -Recurse) {
                $bytes = [IO.File]::ReadAllBytes($file.FullName)
                $image = [Reflection.PortableExecutable.PEReader]::new([IO.MemoryStream]::new($bytes))
                $tables = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
                # The row of the table Assembly (ECMA-335, II.22.2): four bytes, then the version's four numbers of two bytes each.
                $row = $image.PEHeaders.MetadataStartOffset + [Reflection.Metadata.Ecma335.MetadataReaderExtensions]::GetTableMetadataOffset($tables, 'Assembly')
                [byte[]] (0, 0, 0, 0, 1, 0, 0, 0) | ForEach-Object { $index = 4 } { $bytes[$row + $index++] = $_ }
                [IO.File]::WriteAllBytes($file.FullName, $bytes)
            }
        }

        # Within a scope, when the module has been changed.
        $within = {
            if (-not (Get-Module GracefulExit)) { Import-Module $env:GRACEFULEXIT_MODULE }
            try { Use-ExitHandler { 'not reached' } -OnExit { 'not reached' } } catch { "refused: $($_.FullyQualifiedErrorId)" }
            Use-ExitHandler { 'inner body' } -OnExit { "inner exit block: $($_.Reason)" } -Append
            "active: $(@(Get-ExitHandler).Count)"
        }
        $shown = @($says) + 'refused: ExitHandlerAlreadyRegistered,GracefulExit.Commands.UseExitHandlerCommand', 'inner body', 'inner exit block: Completed', 'active: 1'
    }

    It 'in a body, then SIGTERM: the exit block runs, and the caller goes on, in a new scope too' -Tag A2, A5, A6 {
        $run = Start-Script {
            . $using:copy
            Use-ExitHandler {
                & $using:Change
                . $using:within
                Out-Line 'ready'
                Wait-Forever
            } -OnExit { "exit block: $($_.Signal)" }
            'caller goes on'
            Use-ExitHandler { Send-Signal TERM; Wait-Forever } -OnExit { "second exit block: $($_.Signal)" }
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ($shown + 'ready', 'exit block: SIGTERM', 'caller goes on', 'second exit block: SIGTERM')
    }

    It 'in a body, then SIGKILL: the guard runs the exit block' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:guard
            . $using:copy
            Use-ExitHandler -Guard {
                & $using:Change
                . $using:within
                Stop-Owner
            } -OnExit { Out-Line "exit block: $($_.Reason)" }
        }
        $run | Assert-Run -Output ($shown + 'exit block: Killed') -Status SIGKILL
    }
}

Describe 'Hostile surroundings: ConstrainedLanguage' -Tag Contract, H5 {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeAll {
        $guard = "$PSScriptRoot/Harness/guard.ps1"
    }

    It 'SIGTERM: the exit block runs, in that mode, and the caller goes on' -Tag A2 {
        $run = Start-Script {
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            Use-ExitHandler { Out-Line 'ready'; Wait-Forever } -OnExit {
                "exit block: $($_.Signal)"
                try { [Environment]::GetCommandLineArgs() } catch { 'refused' }
            }
            'caller goes on'
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output ready, 'exit block: SIGTERM', refused, 'caller goes on'
    }

    It 'SIGKILL: the guard runs the exit block, in that mode' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script {
            . $using:guard
            $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
            Use-ExitHandler -Guard { Out-Line 'ready'; Stop-Owner } -OnExit {
                "exit block: $($_.Reason)"
                try { [Environment]::GetCommandLineArgs() } catch { 'refused' }
            }
        }
        $run | Assert-Run -Output ready, 'exit block: Killed', refused -Status SIGKILL
    }
}
