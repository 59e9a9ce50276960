# Whatever terminates the body, the caller catches what it would without Use-ExitHandler.
. "$PSScriptRoot/../prelude.ps1"

$record = [System.Management.Automation.ErrorRecord]::new([System.TimeoutException]::new('late'), 'MyId', 'OperationTimeout', 'target')
$bodies = [ordered] @{
    text      = { throw 'text' }
    record    = { throw $record }
    cmdlet    = { Get-Item /no/such/file -ErrorAction Stop }
    division  = { 1 / 0 }
    method    = { [int]::Parse('x') }
    unknown   = { No-SuchCommand }
    parameter = { Get-Item -NoSuchParameter }
}

function Show-Error($Body, $Run) {
    try { & $Run $Body; 'nothing was thrown' }
    catch { $_.Exception.GetType().FullName, $_.Exception.Message, $_.FullyQualifiedErrorId, $_.CategoryInfo, $_.TargetObject, $_.InvocationInfo.PositionMessage -join '|' }
}

foreach ($name in $bodies.Keys) {
    $expected = Show-Error $bodies[$name] { param($body) . $body }
    $actual = Show-Error $bodies[$name] { param($body) Use-ExitHandler $body -OnExit { Out-Line "exit block: $($_.ErrorRecord.FullyQualifiedErrorId)" } }
    Out-Line ($expected -eq $actual ? "${name}: the same" : "$name`n  expected $expected`n  actual   $actual")
}
