# Dot-sourced: loads the driver assembly that `dotnet build` has left, once per process.
if (-not ('GracefulExit.Tests.Driver.ScenarioRunner' -as [type])) {
    $driver = [IO.Path]::GetFullPath("$PSScriptRoot/../../out/artifacts/bin/Driver/release/GracefulExit.Tests.Driver.dll")
    if (-not (Test-Path -LiteralPath $driver)) {
        throw "There is no '$driver': run 'dotnet build' first."
    }

    Add-Type -LiteralPath $driver
}
