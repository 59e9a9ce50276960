# How a guard comes to its work: .NET calls the module's start-up hook before the shell makes a host and a session for itself.
# Where it does not, the shell's command line does the same, later.
Describe '-Guard: how it starts' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'by a start-up hook of .NET, of which the exit block sees nothing; a scope in it has a guard of its own' -Tag E1, Windows {
        Skip-Unless -Linux -Windows
        $run = Start-Script -LeftoverLimit 20 {
            Use-ExitHandler -Guard { Out-Line ready; Wait-Forever } -OnExit {
                Out-Line "a shell's host: $(Test-ConsoleHost)"
                Out-Line "variables: [$((Get-ChildItem env:GRACEFULEXIT_GUARD*, env:DOTNET_STARTUP_HOOKS -ErrorAction Ignore).Name)]"
                Import-Module $env:GRACEFULEXIT_MODULE
                Use-ExitHandler -Guard { $null } -OnExit { Out-Line "a scope in it: $($_.Reason)" }
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, "a shell's host: False", 'variables: []', 'a scope in it: Completed' -Status SIGKILL
    }

    It 'after the start-up hooks of the user, which the exit block finds as they were' -Tag E1 {
        Skip-Unless -Linux
        $hook = "$TestDrive/Hook.dll"
        Add-Type -OutputAssembly $hook -TypeDefinition 'internal class StartupHook { public static void Initialize() => System.AppContext.SetSwitch("Hook.HasRun", true); }'
        $run = Start-Script -LeftoverLimit 20 -Environment @{ DOTNET_STARTUP_HOOKS = $hook } {
            Use-ExitHandler -Guard { Out-Line ready; Wait-Forever } -OnExit {
                $hasRun = $false
                $null = [AppContext]::TryGetSwitch('Hook.HasRun', [ref] $hasRun)
                Out-Line "the user's hook: $hasRun, $(Split-Path -Leaf $env:DOTNET_STARTUP_HOOKS)"
                Out-Line "a shell's host: $(Test-ConsoleHost)"
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, "the user's hook: True, Hook.dll", "a shell's host: False" -Status SIGKILL
    }

    It 'by its command line, if the module''s path can''t be in a list of paths' -Tag E1 {
        Skip-Unless -Linux
        $run = Start-Script -LeftoverLimit 20 -NoModule {
            $null = New-Item -ItemType Directory -Path "$PWD/a:b"
            $manifest = Get-ChildItem $env:GRACEFULEXIT_MODULE -Recurse -Filter GracefulExit.psd1
            Copy-Item -LiteralPath $manifest.DirectoryName -Destination "$PWD/a:b/GracefulExit" -Recurse
            Import-Module "$PWD/a:b/GracefulExit/GracefulExit.psd1"
            Use-ExitHandler -Guard { Out-Line ready; Wait-Forever } -OnExit {
                Out-Line "exit block: $($_.Reason)"
                Out-Line "a shell's host: $(Test-ConsoleHost)"
            }
        }
        $run | Wait-Line ready | Send-Signal KILL
        $run | Assert-Run -Output ready, 'exit block: Killed', "a shell's host: True" -Status SIGKILL
    }
}
