# The same work in growing amounts; each line is an amount and what it took.
# Amounts: separated by spaces.
param([string] $Manifest, [string] $What, [string] $Amounts)

Import-Module $Manifest -ErrorAction Stop
$send = [System.Reflection.Assembly]::LoadFrom($env:GRACEFULEXIT_HARNESS).GetType('GracefulExit.Tests.Harness.Signals').GetMethod('Send')
$sigterm = @($PID, 'SIGTERM')

# A signal that reaches its handler after the scope has ended would end the process, as it should: not here.
# A script block as a handler crashes the process; a compiled expression does not.
$context = [System.Linq.Expressions.Expression]::Parameter([System.Runtime.InteropServices.PosixSignalContext])
$cancel = [System.Linq.Expressions.Expression]::Assign([System.Linq.Expressions.Expression]::Property($context, 'Cancel'), [System.Linq.Expressions.Expression]::Constant($true))
$handler = [System.Linq.Expressions.Expression]::Lambda([System.Action[System.Runtime.InteropServices.PosixSignalContext]], $cancel, $context).Compile()
# Kept until the end: some signals of a storm come to their handlers very late.
$registration = [System.Runtime.InteropServices.PosixSignalRegistration]::Create('SIGTERM', $handler)

function Get-Ticks { [System.Diagnostics.Stopwatch]::GetTimestamp() }

# Scopes in one another, then what the innermost does.
function Enter-Scope([int] $Depth, [scriptblock] $Innermost) {
    if ($Depth -eq 0) { . $Innermost }
    else { Use-ExitHandler { Enter-Scope ($Depth - 1) $Innermost } -OnExit { $script:exitBlocks++ } -Append }
}

function Enter-Statement([int] $Depth) {
    if ($Depth -eq 0) { $script:from = Get-Ticks; throw 'an error' }
    else { . { try { . { Enter-Statement ($Depth - 1) } } finally { $script:exitBlocks++ } } }
}

function Measure-Amount([int] $Amount) {
    switch ($What) {
        # From a signal until all exit blocks of so many nested scopes have run and the caller goes on.
        'nested' {
            $script:exitBlocks = 0
            Enter-Scope $Amount { $script:from = Get-Ticks; $null = $send.Invoke($null, $sigterm); Start-Sleep -Seconds 600 }
            $to = Get-Ticks
            if ($exitBlocks -ne $Amount) { throw "$exitBlocks exit blocks instead of $Amount." }
            $to - $script:from
        }
        # The same of the language itself, ended by an error.
        'finally' {
            $script:exitBlocks = 0
            try { Enter-Statement $Amount } catch { $Error.Clear() }
            $to = Get-Ticks
            if ($exitBlocks -ne $Amount) { throw "$exitBlocks finally blocks instead of $Amount." }
            $to - $script:from
        }
        # A hundred calls within so many active scopes.
        'within' {
            Enter-Scope $Amount {
                $from = Get-Ticks
                for ($i = 0; $i -lt 100; $i++) { $null = Use-ExitHandler { 1 } -OnExit { 2 } -Append }
                $script:took = (Get-Ticks) - $from
            }
            $script:took
        }
        # So many objects streamed out of a body.
        'objects' {
            $from = Get-Ticks
            $null = Use-ExitHandler { 1..$Amount } -OnExit { }
            (Get-Ticks) - $from
        }
        # The same out of the engine's own cmdlet.
        'invoke' {
            $from = Get-Ticks
            $null = Invoke-Command { 1..$Amount }
            (Get-Ticks) - $from
        }
        # So many exit blocks added in a body, until all have run.
        'pushed' {
            $script:exitBlocks = 0
            $from = Get-Ticks
            Use-ExitHandler { for ($i = 0; $i -lt $Amount; $i++) { Add-ExitBlock { $script:exitBlocks++ } } }
            $to = Get-Ticks
            if ($exitBlocks -ne $Amount) { throw "$exitBlocks exit blocks instead of $Amount." }
            $to - $from
        }
        # So many signals while an exit block runs, until the caller goes on.
        'storm' {
            Use-ExitHandler { $null = $send.Invoke($null, $sigterm); Start-Sleep -Seconds 600 } -OnExit {
                $script:from = Get-Ticks
                for ($i = 0; $i -lt $Amount; $i++) { $null = $send.Invoke($null, $sigterm) }
            }
            (Get-Ticks) - $script:from
        }
        # So many scopes one after another, each ended by a signal.
        'signals' {
            $from = Get-Ticks
            for ($i = 0; $i -lt $Amount; $i++) {
                Use-ExitHandler { $null = $send.Invoke($null, $sigterm); Start-Sleep -Seconds 600 } -OnExit { }
            }
            (Get-Ticks) - $from
        }
    }
}

# Each amount but the largest, which would take too long, has been done once before it counts.
$counts = [int[]] $Amounts.Split(' ')
foreach ($count in $counts[0..($counts.Count - 2)]) { $null = Measure-Amount $count }
foreach ($count in $counts) { [System.Console]::Out.WriteLine("$count $(Measure-Amount $count)") }
