# Nobody reads standard output any more: the guarded exit block goes on to its end.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'ready'
    # The driver has closed its end when this fails.
    try { while ($true) { Start-Sleep -Milliseconds 20; /bin/echo . ; if ($LASTEXITCODE) { break } } } catch { }
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    Out-Line "exit block begins: $($_.Reason)" -To log.txt
    'into the broken pipe'
    Write-Host 'into the broken pipe'
    [Console]::Out.WriteLine('into the broken pipe')
    /bin/echo 'into the broken pipe'
    Out-Line 'exit block ends' -To log.txt
}
