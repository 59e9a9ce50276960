# A stack overflow ends the process without running anything in it.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler -Guard {
    Out-Line 'body'
    # Recursion in .NET: PowerShell counts its own calls and throws in time.
    $array = [object[]]::new(1)
    $array[0] = $array
    $null = [System.Collections.StructuralComparisons]::StructuralEqualityComparer.GetHashCode($array)
} -OnExit {
    Out-Line "exit block: $($_.Reason)"
}
