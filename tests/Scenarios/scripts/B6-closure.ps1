# A closure as the body keeps its own variables, and as the exit block too.
. "$PSScriptRoot/../prelude.ps1"

function New-Body($Name) { { Out-Line "body of $Name" }.GetNewClosure() }
function New-ExitBlock($Name) { { param($context) Out-Line "exit block of ${Name}: $($context.Reason)" }.GetNewClosure() }

$Name = 'caller'
Use-ExitHandler (New-Body 'one') -OnExit (New-ExitBlock 'two')
Out-Line $Name
