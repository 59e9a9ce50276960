# A signal comes while the caller's next command, a script, is at work on an object that the body has written.
. "$PSScriptRoot/../prelude.ps1"

function Read-Everything {
    Use-ExitHandler { while ($true) { 'item' } } -OnExit { 'exit block' }
    'function goes on'
}

Read-Everything | ForEach-Object {
    if ($_ -ne 'item') { Out-Line "consumer: $_" }
    elseif (-not $isReady) {
        $isReady = $true
        Out-Line 'ready'
    }
    else {
        # Nearly all the time is spent here.
        foreach ($number in 1..2000) { $null = $number * 2 }
    }
}
Out-Line 'caller goes on'
