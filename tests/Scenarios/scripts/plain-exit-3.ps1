. "$PSScriptRoot/../prelude.ps1" -NoModule

Out-Line 'before'
exit 3
Out-Line 'after'
