# The common parameters that collect a stream get each record of body and exit block once; the records are shown as well.
. "$PSScriptRoot/../prelude.ps1"

$result = Use-ExitHandler {
    'output'
    Write-Error 'error' 2>$null
    Write-Warning 'warning'
    Write-Information 'information'
    Write-Error 'second error'
} -OnExit {
    'exit output'
    Write-Warning 'exit warning'
    Write-Information 'exit information'
    Write-Error 'exit error' 2>$null
} -OutVariable output -ErrorVariable errors -WarningVariable warnings -InformationVariable informations

Out-Line "result: $($result -join ', ')"
Out-Line "output: $($output -join ', ')"
Out-Line "warnings: $($warnings -join ', ')"
Out-Line "informations: $($informations -join ', ')"
Out-Line "errors: $($errors -join ', ')"
Out-Line "`$Error: $($Error -join ', ')"
