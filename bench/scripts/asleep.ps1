# A script that sleeps until it is killed: no module, the module imported, in a scope.
param([string] $Manifest, [string] $What)

switch ($What) {
    'plain' { [System.Console]::Out.WriteLine('ready'); Start-Sleep -Seconds 600 }
    'import' { Import-Module $Manifest -ErrorAction Stop; [System.Console]::Out.WriteLine('ready'); Start-Sleep -Seconds 600 }
    'call' {
        Import-Module $Manifest -ErrorAction Stop
        Use-ExitHandler { [System.Console]::Out.WriteLine('ready'); Start-Sleep -Seconds 600 } -OnExit { 2 }
    }
}
