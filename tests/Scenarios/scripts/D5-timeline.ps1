# -Verbose tells what happens when.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"
. "$PSScriptRoot/../fixtures/thread-watch.ps1"

$options = switch ($How) {
    'drain' { @{ GracePeriodSeconds = 0.3 } }
    'rescue' { @{ StopTimeoutSeconds = 0.5 } }
    default { @{} }
}
Use-ExitHandler {
    switch ($How) {
        'end' { 'body' }
        'rescue' {
            $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
            $listener.Start()
            Show-LineWhen Blocked
            $null = $listener.AcceptTcpClient()
        }
        'interrupt' { Show-LineWhen Blocked; [System.Threading.Thread]::Sleep(-1) }
        default { Out-Line 'ready'; Wait-Forever }
    }
} -OnExit { 'first' }, { if ($listener) { $listener.Stop() } } @options -Verbose 4>&1 | ForEach-Object {
    if ($_ -isnot [System.Management.Automation.VerboseRecord]) { Out-Line $_; return }
    if ($_ -notmatch '^ *(?<time>\d+\.\d) ms  (?<what>.*)$') { Out-Line "malformed: $_"; return }
    Out-Line $Matches.what
    $times += , [double]::Parse($Matches.time, [cultureinfo]::InvariantCulture)
}
Out-Line "in order: $(($times -join ' ') -eq (($times | Sort-Object) -join ' '))"
