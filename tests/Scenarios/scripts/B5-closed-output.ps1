# Nobody reads standard output any more: the exit block goes on to its end.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block begins: $($_.Signal)" -To log.txt
    'into the broken pipe'
    Write-Warning 'into the broken pipe'
    Write-Host 'into the broken pipe'
    [Console]::Out.WriteLine('into the broken pipe')
    /bin/echo 'into the broken pipe'
    Out-Line 'exit block ends' -To log.txt
}
'into the broken pipe'
Out-Line 'caller goes on' -To log.txt
