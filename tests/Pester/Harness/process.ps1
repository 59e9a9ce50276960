# For scripts that look at their own process, its threads and children. Start-Script dot-sources it for those that name one of these
# commands: to read them takes a shell some 30 ms. Like the prelude's, each stands alone.

# Returns at once; another thread prints the line as soon as the calling thread hangs in a call, or computes in one. Linux and Windows.
function Show-LineWhen {
    param([ValidateSet('Blocked', 'Computing')] [string] $State, [string] $Line = 'ready')

    if ($IsWindows) {
        # There is no state to ask for: a thread that computes uses processor time, and one that hangs does not.
        $watcher = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $null = $watcher.AddScript({
            param($thread, $state, $line)
            $same = 0
            $time = $null
            while ($same -lt 10) {
                [System.Threading.Thread]::Sleep(20)
                $now = foreach ($one in [System.Diagnostics.Process]::GetCurrentProcess().Threads) { if ($one.Id -eq $thread) { $one.TotalProcessorTime } }
                $same = $null -ne $now -and ($now -eq $time) -eq ($state -eq 'Blocked') ? $same + 1 : 0
                $time = $now
            }
            [System.Console]::Out.WriteLine($line)
            [System.Console]::Out.Flush()
        }).AddArgument([System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS).GetType('GracefulExit.Tests.Harness.WindowsThread')::CurrentId).AddArgument($State).AddArgument($Line)
        $null = $watcher.BeginInvoke()
        return
    }

    $task = "/proc/self/task/$([System.IO.File]::ResolveLinkTarget('/proc/thread-self', $false).Name)"
    $watcher = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
    $null = $watcher.AddScript({
        param($task, $state, $line)
        $seen = $same = $null
        while ($same -lt 10) {
            # Fields of proc_pid_stat(5) behind the name: the first is the state, the twelfth the time spent computing.
            $fields = ([System.IO.File]::ReadAllText("$task/stat") -replace '^.*\) ').Split(' ')
            $waits = [System.IO.File]::ReadAllText("$task/status") -replace '(?s).*\nvoluntary_ctxt_switches:\s*(\d+).*', '$1'
            $now = if ($state -eq 'Blocked') { "$waits $($fields[0])" } else { $waits }
            $counts = if ($state -eq 'Blocked') { $fields[0] -eq 'S' } else { $fields[11] -ne $time }
            if ($now -ne $seen) { $same = 0 } elseif ($counts) { $same++ }
            $seen = $now
            $time = $fields[11]
            [System.Threading.Thread]::Sleep(10)
        }
        [System.Console]::Out.WriteLine($line)
        [System.Console]::Out.Flush()
    }).AddArgument($task).AddArgument($State).AddArgument($Line)
    $null = $watcher.BeginInvoke()
}

# The numbers of this process's children, whichever thread has started them. On Windows those that are shells. Linux and Windows.
function Get-Child {
    if ($IsWindows) {
        # For a process that has ended meanwhile, Parent is null.
        foreach ($process in [System.Diagnostics.Process]::GetProcessesByName('pwsh')) {
            if ($process.Parent.Id -eq $PID) { $process.Id }
        }

        return
    }

    foreach ($thread in [System.IO.Directory]::GetDirectories("/proc/$PID/task")) {
        try { [System.IO.File]::ReadAllText("$thread/children").Split(' ', [System.StringSplitOptions]::RemoveEmptyEntries) }
        catch { } # The thread has ended.
    }
}

# Handlers for signals made by compiled code, as another module's are: (Get-OlderHandler)::Register('SIGTERM', 'line that it prints').
function Get-OlderHandler {
    [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS).GetType('GracefulExit.Tests.Harness.OlderHandler')
}

# Whether this process has, or has had, the host of a shell.
function Test-ConsoleHost {
    [System.AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -contains 'Microsoft.PowerShell.ConsoleHost'
}
