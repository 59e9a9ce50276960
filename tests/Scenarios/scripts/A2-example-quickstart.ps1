# The example quickstart.ps1 works, is ended by a signal, leaves no file behind and says goodbye.
. "$PSScriptRoot/../prelude.ps1"

. "$PSScriptRoot/../../../examples/quickstart.ps1"
Out-Line "removed: $(-not [System.IO.File]::Exists($file)), left: $([System.IO.Directory]::GetFiles([System.IO.Path]::GetTempPath(), '*.tmp').Count)"
