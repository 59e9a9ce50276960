# Wait-ExitRequest in another runspace that has no scope of its own answers for the scope of the process.
param([string] $Where)
. "$PSScriptRoot/../prelude.ps1"

$prelude = "$PSScriptRoot/../prelude.ps1"
$waiting = [System.Threading.CountdownEvent]::new(2)
$work = '. $prelude; "at first: $(Wait-ExitRequest 0)"; if ($waiting.Signal()) { Out-Line "ready" }; "then: $(Wait-ExitRequest)"'
Use-ExitHandler {
    switch ($Where) {
        'thread job' {
            $jobs = 1..2 | ForEach-Object { Start-ThreadJob ([scriptblock]::Create("param(`$prelude, `$waiting) $work")) -ArgumentList $prelude, $waiting }
            foreach ($job in $jobs) { $job | Wait-Job | Receive-Job | ForEach-Object { Out-Line $_ } }
        }
        'parallel' {
            $found = 1..2 | ForEach-Object -Parallel ([scriptblock]::Create("`$prelude, `$waiting = `$using:prelude, `$using:waiting; $work"))
            $found | Sort-Object | ForEach-Object { Out-Line $_ }
        }
        'hosted' {
            $hosted = foreach ($number in 1..2) {
                $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript("param(`$prelude, `$waiting) $work").AddArgument($prelude).AddArgument($waiting)
                @{ Shell = $shell; Running = $shell.BeginInvoke() }
            }
            foreach ($one in $hosted) { $one.Shell.EndInvoke($one.Running) | ForEach-Object { Out-Line $_ } }
        }
    }
} -OnExit { Out-Line "exit block: $($_.Signal)" } -GracePeriodSeconds 20
Out-Line 'caller goes on'
