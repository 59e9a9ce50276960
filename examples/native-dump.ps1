# Runs a native command that writes a file, such as pg_dump, and leaves either the whole file or none.
# Asked to end (Ctrl+C, kill, `systemctl stop`), it passes the signal on, gives the command time to end, and cleans up.
#
#     pwsh -File native-dump.ps1 -Target shop.sql -Command pg_dump, shop
param(
    [Parameter(Mandatory)] [string] $Target,
    # The command and its arguments; it writes to standard output.
    [Parameter(Mandatory)] [string[]] $Command
)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

$partial = "$Target.partial"
$program, $arguments = $Command
# Without -ForwardSignal the command would be killed with the body: no chance to close its connections or to undo its work.
# -AfterSignal Exit: whoever runs this script sees by the status (143 for SIGTERM) that there is no dump.
Use-ExitHandler -ForwardSignal -GracePeriodSeconds 10 -AfterSignal Exit {
    "Dumping to $Target"
    & $program @arguments > $partial
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    # The file has its name only when it is whole.
    [System.IO.File]::Move($partial, $Target, $true)
    "Dumped to $Target"
} -OnExit {
    if ([System.IO.File]::Exists($partial)) {
        [System.IO.File]::Delete($partial)
        "Removed the partial dump, because of $($_.Signal ?? $_.Reason); the command's status was $LASTEXITCODE"
    }
}
