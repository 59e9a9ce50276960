# More than a pipe holds: the body begins once the guard has taken it.
. "$PSScriptRoot/../prelude.ps1"

$big = 'x' * 5000000
Use-ExitHandler -Guard {
    Send-Signal SIGKILL
    Wait-Forever
} -OnExit {
    Out-Line "exit block: $($big.Length)"
}
