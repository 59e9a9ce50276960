# The process exits while an exit block runs a scope of its own: that scope's body is stopped, the exit block runs to its end.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { Out-Line 'body' } -OnExit {
    Use-ExitHandler -Append {
        $shell = [System.Management.Automation.PowerShell]::Create([initialsessionstate]::CreateDefault2())
        $null = $shell.AddScript('[Environment]::Exit(2)').BeginInvoke()
        Wait-Forever
    } -OnExit { Out-Line "inner exit block: $($_.Reason)" }
    Out-Line 'exit block ends'
}, { Out-Line 'second exit block' }
Wait-Forever
