# Inside try, catch and finally blocks of the caller.
. "$PSScriptRoot/../prelude.ps1"

try {
    Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "in try: $($_.Reason)" }
    Out-Line 'try goes on'
    Use-ExitHandler { throw 'first' } -OnExit { Out-Line "in try: $($_.Reason)" }
}
catch {
    Out-Line "caught: $_"
    Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "in catch: $($_.Reason)" }
    Out-Line "catch goes on: $_"
}
finally {
    Use-ExitHandler { Send-Signal SIGTERM; Wait-Forever } -OnExit { Out-Line "in finally: $($_.Reason)" }
    Out-Line 'finally goes on'
    try { Use-ExitHandler { throw 'second' } -OnExit { Out-Line "in finally: $($_.Reason)" } } catch { Out-Line "caught: $_" }
}
try { exit 5 }
finally { Use-ExitHandler { Out-Line 'body while the script exits' } -OnExit { Out-Line "exit block: $($_.Reason)" } }
