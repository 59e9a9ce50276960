# So many registered handlers, from the first registration until the last of them runs, at the end of the script.
param([string] $Manifest, [int] $Amount)

Import-Module $Manifest -ErrorAction Stop
# The first call is another row's.
Register-ExitHandler { }
$ran = 1
$from = [System.Diagnostics.Stopwatch]::GetTimestamp()
# The newest runs first, so this one is the last.
Register-ExitHandler {
    $to = [System.Diagnostics.Stopwatch]::GetTimestamp()
    if ($ran -ne $Amount) { throw "$ran handlers instead of $Amount." }
    [System.Console]::Out.WriteLine("took $($to - $from)")
}
for ($i = 1; $i -lt $Amount; $i++) { Register-ExitHandler { $script:ran++ } }
