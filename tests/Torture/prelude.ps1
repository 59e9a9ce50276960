# Dot-sourced by every generated script. The functions stand alone: a rescued exit block takes them along.
$null = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS)

# Notes an event where no crash can lose it.
function Mark {
    param([string] $Text)
    [GracefulExit.Tests.Harness.Journal]::Append($Text)
}

# Tells the test that a moment has come, past every pipeline.
function Tell {
    param([string] $Text)
    [System.Console]::Out.WriteLine($Text)
    [System.Console]::Out.Flush()
}

Import-Module $env:GRACEFULEXIT_MODULE -ErrorAction Stop
