# Dot-sourced at the start of every scenario script, in every shell under test.
# Each function stands alone: an exit block that runs in another runspace or process gets just those that it names.
param(
    # For scripts that show what the shell does without the module.
    [switch] $NoModule
)

# Writes a line at once, past every redirection and pipeline; with -To, to a file in $env:SCENARIO_TEMP.
function Out-Line {
    param([Parameter(Position = 0)] [string] $Text, [string] $To)

    if ($To) {
        [System.IO.File]::AppendAllText([System.IO.Path]::Combine($env:SCENARIO_TEMP, $To), $Text + "`n")
    }
    else {
        [System.Console]::Out.WriteLine($Text)
        [System.Console]::Out.Flush()
    }
}

# Sends a signal to this process (or to another, or with a negative id to a group) by the C library's kill.
# The call is in the tests' driver assembly, loaded when first needed: a compiler would cost each script seconds.
function Send-Signal {
    param([Parameter(Position = 0)] [string] $Name, [int] $Id = $PID)

    $driver = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_DRIVER)
    $null = $driver.GetType('GracefulExit.Tests.Driver.Signals').GetMethod('Send').Invoke($null, @($Id, $Name))
}

# Sleeps in Start-Sleep; never returns by itself.
function Wait-Forever {
    while ($true) {
        Start-Sleep -Seconds 3600
    }
}

if (-not $NoModule) {
    Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop
}
