# An unhandled exception on another thread: the exit block runs, then the process crashes as it would have.
param([string] $Where)
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    # A script block needs a runspace, and these threads have none.
    switch ($Where) {
        'ThreadPool' { $null = [System.Threading.ThreadPool]::QueueUserWorkItem({ 'never runs' }) }
        'Timer' { $timer = [System.Threading.Timer]::new({ 'never runs' }, $null, 0, -1) }
        'Thread' { [System.Threading.Thread]::new([System.Threading.ThreadStart] { 'never runs' }).Start() }
    }
    Wait-Forever
} -OnExit {
    # pwsh writes lines of its own to standard output.
    foreach ($to in '', 'log.txt') { Out-Line "exit block: $($_.Reason) $($_.ExitCode)" -To $to }
}
Wait-Forever
