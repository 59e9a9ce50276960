# An exit block that waits for a line of input; signals that arrive meanwhile do not interrupt it.
. "$PSScriptRoot/../prelude.ps1"
Start-Sleep -Milliseconds 0 # loaded before the signal comes: a stop amid that would leave the command unknown

Use-ExitHandler {
    Out-Line 'ready'
    Wait-Forever
} -OnExit {
    Out-Line 'exit block begins'
    Out-Line "exit block goes on: $([System.Console]::In.ReadLine())"
    Start-Sleep -Milliseconds 200
    Out-Line 'exit block ends'
}
Out-Line 'caller goes on'
