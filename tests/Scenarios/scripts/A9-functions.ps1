# Named functions as body and exit block, arguments through -ArgumentList (the recipe's decorator).
. "$PSScriptRoot/../prelude.ps1"

function main($Name, [int] $Count = 2) {
    Out-Line "main: $Name, $($Count + 1)"
    Out-Line 'ready'
    Wait-Forever
}
function cleanup($Context) { Out-Line "cleanup: $($Context.Signal)" }

Use-ExitHandler $function:main -OnExit $function:cleanup -ArgumentList 'job', 41
Out-Line 'caller goes on'
