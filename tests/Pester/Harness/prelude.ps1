# Dot-sourced at the start of every script under test: imports the module and defines a few commands.
# Each function stands alone: an exit block that runs in another runspace or process gets just those that it names.
# No more than most scripts use, and no param block, which would cost each of a thousand shells 15 ms: rarer ones are in process.ps1.

# Writes a line to standard output at once, past every redirection and pipeline; with -To, to a file in $env:TEST_TEMP.
function Out-Line {
    param([Parameter(Position = 0)] [string] $Text, [string] $To)

    if ($To) {
        [System.IO.File]::AppendAllText([System.IO.Path]::Combine($env:TEST_TEMP, $To), $Text + "`n")
    }
    else {
        [System.Console]::Out.WriteLine($Text)
        [System.Console]::Out.Flush()
    }
}

# Sends a signal to this process (or to another, or with a negative id to a group) by the C library's kill.
# The call is in the harness's assembly, loaded when first needed: a compiler would cost each script seconds.
function Send-Signal {
    param([Parameter(Position = 0)] [string] $Name, [int] $Id = $PID)

    $harness = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS)
    $null = $harness.GetType('GracefulExit.Tests.Harness.Signals').GetMethod('Send').Invoke($null, @($Id, $Name))
}

# Sleeps in Start-Sleep; never returns by itself.
function Wait-Forever {
    while ($true) {
        Start-Sleep -Seconds 3600
    }
}

# What the harness reads is UTF-8. On Windows it would be the console's code page.
if ($IsWindows) {
    [System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()
}

# -NoModule: for scripts that show what the shell does without the module.
if ($args -notcontains '-NoModule') {
    Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop
}
