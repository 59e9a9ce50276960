# Signals to the guard itself, from its first moment on, do not end it while its owner lives, nor while it runs the exit block.
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/children.ps1"

$signals = 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1'
Use-ExitHandler -Guard {
    $guard = Get-Child
    foreach ($round in 1..50) {
        foreach ($signal in $signals) { Send-Signal $signal -Id $guard }
        Start-Sleep -Milliseconds 20
    }

    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    foreach ($signal in $signals) { Send-Signal $signal }
    Start-Sleep -Milliseconds 100
    # A child of the exit block has its signals as ever.
    /bin/sh -c 'kill -TERM $$; echo not reached'
    Out-Line "exit block: $($_.Reason), child: $LASTEXITCODE"
}
