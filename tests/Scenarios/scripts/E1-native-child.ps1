# The body waits for a native command, which outlives the process and does not hold the guard up.
. "$PSScriptRoot/../prelude.ps1"

$file = "$env:SCENARIO_TEMP/child"
Use-ExitHandler -Guard {
    /bin/sh -c 'echo $$ > "$0"; echo ready; exec sleep 1000' $file | ForEach-Object { Out-Line $_ }
} -OnExit {
    $child = [int][System.IO.File]::ReadAllText($file)
    Out-Line "still running: $([System.IO.Directory]::Exists("/proc/$child"))"
    Send-Signal SIGKILL -Id $child
}
