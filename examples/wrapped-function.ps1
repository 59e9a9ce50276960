# Functions instead of blocks: main does the work, cleanup cleans up, and Start-Main is main with the clean-up built in.
# Stop it with Ctrl+C or kill.
#
#     pwsh -File wrapped-function.ps1 -Name Ada
param([string] $Name = 'world')

# In a script of your own, "Import-Module GracefulExit" is all you need.
Import-Module GracefulExit -ErrorAction Ignore
if (-not (Get-Module GracefulExit)) { Import-Module "$PSScriptRoot/../out/GracefulExit" -ErrorAction Stop }

function cleanup($Context) {
    # An exit block gets the exit context as its first argument, and as $_.
    "exiting after $($Context.Signal ?? $Context.Reason)"
}

function main($Name) {
    "Hello $Name, this is process $PID"
    'working'
    while ($true) { Start-Sleep -Seconds 1 }
}

# The wrapped function. $function:name is a function's script block; a name with a hyphen needs braces: ${function:Stop-Work}
function Start-Main {
    Use-ExitHandler $function:main -OnExit $function:cleanup -ArgumentList $args
}

Start-Main $Name
'goodbye'
