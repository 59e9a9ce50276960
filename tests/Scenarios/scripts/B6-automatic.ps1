# Automatic variables are the caller's in body and exit block: $PSScriptRoot, $PSCmdlet, and $MyInvocation afterwards.
. "$PSScriptRoot/../prelude.ps1"

function Start-Work {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $Item)
    process {
        Use-ExitHandler {
            Out-Line "body: $($PSCmdlet.MyInvocation.MyCommand.Name) $Item, $($PSScriptRoot -eq $script:root)"
        } -OnExit {
            Out-Line "exit block: $($PSCmdlet.MyInvocation.MyCommand.Name) $Item, $($PSScriptRoot -eq $script:root)"
        }
        Out-Line "function: $($PSCmdlet.MyInvocation.MyCommand.Name) $($MyInvocation.MyCommand.Name) $Item"
    }
}

$script:root = $PSScriptRoot
1, 2 | Start-Work
