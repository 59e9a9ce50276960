# A script that is over at once: no module, the module imported, one call.
param([string] $Manifest, [string] $What)

switch ($What) {
    'plain' { $null = try { & { 1 } } finally { & { 2 } } }
    'import' { Import-Module $Manifest -ErrorAction Stop; $null = try { & { 1 } } finally { & { 2 } } }
    'call' { Import-Module $Manifest -ErrorAction Stop; $null = Use-ExitHandler { 1 } -OnExit { 2 } }
}
