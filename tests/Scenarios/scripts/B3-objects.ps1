# Objects go through as they are: arrays are not taken apart once more, $null and empty arrays count as ever.
. "$PSScriptRoot/../prelude.ps1"

$body = { $null; , @(1, 2); @(); 3, 4; , @(); 'x'; @{ key = 'value' } }
function Show-Object { process { Out-Line ($null -eq $_ ? 'null' : "$($_.GetType().Name)/$($_.Count)") } }

. $body | Show-Object
Out-Line 'and:'
Use-ExitHandler $body -OnExit $body | Show-Object
Out-Line "many: $((Use-ExitHandler { 1..20000 } -OnExit { 1..20000 } | Measure-Object -Sum).Sum)"
$same = [object]::new()
Out-Line "identical: $([object]::ReferenceEquals($same, (Use-ExitHandler { $same })))"
