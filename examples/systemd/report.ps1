# The script of report.service: writes a report and, asked to end, finishes the section at hand and keeps what there is.
#
#     pwsh -File report.ps1 -Target report.txt
param(
    [Parameter(Mandatory)] [string] $Target,
    [int] $Sections = 60
)

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../../out/GracefulExit" -ErrorAction Stop }

# Shorter than TimeoutStopSec of the service, or systemd kills us before the exit block has run.
Use-ExitHandler -GracePeriodSeconds 20 -AfterSignal Exit {
    $writer = [System.IO.StreamWriter]::new($Target)
    "Writing $Target"
    foreach ($section in 1..$Sections) {
        $writer.WriteLine("section $section")
        # The pause between two sections, and the place where the report may end early.
        if (Wait-ExitRequest 1) { break }
    }
} -OnExit {
    if ($writer) {
        $writer.WriteLine($_.Reason -eq 'Completed' ? 'complete' : "cut short by $($_.Signal ?? $_.Reason)")
        $writer.Dispose()
    }
    "Closed $Target"
}
