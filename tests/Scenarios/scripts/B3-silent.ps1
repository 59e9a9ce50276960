# The preferences decide, as ever: by default verbose, debug and information records are not shown.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    Write-Verbose 'not shown'
    Write-Debug 'not shown'
    Write-Information 'not shown'
    Write-Error 'not shown' -ErrorAction SilentlyContinue
    Write-Warning 'not shown' -WarningAction SilentlyContinue
    Out-Line 'body'
} -OnExit { Write-Verbose 'not shown' }

$VerbosePreference = $InformationPreference = 'Continue'
Use-ExitHandler {
    Write-Verbose 'shown'
    Write-Information 'shown too'
} -Verbose:$false
$VerbosePreference = $WarningPreference = 'SilentlyContinue'
Use-ExitHandler { Write-Warning 'not shown' }
