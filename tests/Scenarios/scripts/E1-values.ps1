# Values arrive as they were when the scope began, with their types.
. "$PSScriptRoot/../prelude.ps1"

function Show($Label, $Value) { Out-Line "${Label}: $(if ($null -eq $Value) { 'null' } else { $Value.GetType().Name }) $Value" }

$text = 'déjà vu'
$number = 42
$real = 1.5
$flag = $true
$moment = [datetime]'2026-01-02T03:04:05Z'
$span = [timespan]'1.02:03:04'
$words = [string[]]('a', 'b')
$mixed = 'a', 1, $null
$single = , 'only'
$empty = @()
$table = @{ Path = '/tmp/x'; Nested = @{ Deep = 1, 2 } }
$ordered = [ordered]@{ z = 1; a = 2 }
$object = [pscustomobject]@{ Name = 'n'; Items = 1, 2 }
$day = [DayOfWeek]::Friday
$file = [System.IO.FileInfo]'/tmp/some.txt'
$address = [ipaddress]'10.0.0.1'
$list = [System.Collections.Generic.List[int]]@(3, 4)
$block = { param($x) "block of $x" }
$credential = [pscredential]::new('user', [System.Net.NetworkCredential]::new('', 'secret').SecurePassword)
$process = [System.Diagnostics.Process]::GetProcessById([System.Environment]::ProcessId)
$nothing = $null

Use-ExitHandler -Guard {
    $text = 'changed'
    $table.Path = 'changed'
    $late = 'assigned in the body'
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    Show text $text
    Show number $number
    Show real $real
    Show flag $flag
    Show moment $moment.ToUniversalTime().ToString('o')
    Show span $span
    Show words $words
    Show mixed $mixed
    Out-Line "$($mixed.Length) $($null -eq $mixed[2])"
    Out-Line "single: $($single.GetType().Name) $($single.Length), empty: $($empty.GetType().Name) $($empty.Length)"
    Out-Line "table: $($table.path) $($table.Nested.Deep -join '+')"
    Out-Line "ordered: $($ordered.GetType().Name) $($ordered.Keys -join ',') $($ordered.A)"
    Out-Line "object: $($object.Name) $($object.Items -join '+') $($object.GetType().Name)"
    Show day $day
    Show file $file
    Show address $address
    Show list ($list -join '+')
    Out-Line "list: $($list.GetType().Name)"
    Show block (& $block 5)
    Out-Line "credential: $($credential.UserName) $($credential.GetNetworkCredential().Password)"
    Out-Line "process: $($null -eq $process)"
    Show nothing $nothing
    Show late $late
}
