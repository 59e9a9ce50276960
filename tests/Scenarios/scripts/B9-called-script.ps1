# In a script that another one calls, and in a function of its: the calling script goes on.
. "$PSScriptRoot/../prelude.ps1"

& "$PSScriptRoot/A2-function.ps1"
Out-Line 'calling script goes on'
