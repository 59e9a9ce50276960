# An exit block that writes far more than a pipe holds, by every way, to a pipe that nobody reads: it goes on to its end.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    'ready'
    Wait-Forever
} -OnExit {
    Out-Line "exit block begins: $($_.Signal)" -To log.txt
    $line = 'x' * 10000
    foreach ($number in 1..300) {
        $line
        Write-Host $line
        [System.Console]::Out.WriteLine($line)
    }
    /bin/sh -c 'for line in $(seq 20000); do echo "into the broken pipe"; done' 2> /dev/null
    Out-Line 'exit block ends' -To log.txt
}
Out-Line 'caller goes on' -To log.txt
