# -ArgumentList becomes the body's arguments as they are: arrays, $null and none at all included.
. "$PSScriptRoot/../prelude.ps1"

function Show-Arguments { Out-Line "$($args.Count): $(($args | ForEach-Object { $null -eq $_ ? 'null' : "$($_.GetType().Name)/$($_.Count)" }) -join ' ')" }

Use-ExitHandler ${function:Show-Arguments}
Use-ExitHandler ${function:Show-Arguments} -ArgumentList @()
Use-ExitHandler ${function:Show-Arguments} -ArgumentList 'one', 2
Use-ExitHandler ${function:Show-Arguments} -ArgumentList (, @(1, 2, 3))
Use-ExitHandler ${function:Show-Arguments} -ArgumentList 1, $null, @(1, 2)
Use-ExitHandler ${function:Show-Arguments} -ArgumentList @{ key = 'value' }
Use-ExitHandler { param([Parameter(Mandatory)] [string] $Name, [switch] $Flag) Out-Line "bound: $Name $Flag" } -ArgumentList 'x'
