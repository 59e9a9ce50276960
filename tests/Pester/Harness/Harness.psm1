# Starts shells with a script, does things to them, and compares what they did with what a test expects.
# README.md one directory up shows all of it. The work is done by the assembly of tests/Harness.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [IO.Path]::GetFullPath("$PSScriptRoot/../../..")
$assembly = "$root/out/artifacts/bin/Harness/release/GracefulExit.Tests.Harness.dll"
if (-not [IO.File]::Exists($assembly)) {
    throw "There is no '$assembly': run 'dotnet build tests/Shell' first."
}

$null = [Reflection.Assembly]::LoadFrom($assembly)

# Matches a script that names a command of process.ps1.
$processCommands = "\b($((Select-String -LiteralPath "$PSScriptRoot/process.ps1" -Pattern '^function (\S+)').ForEach{ $_.Matches[0].Groups[1].Value } -join '|'))\b"

# The runs of the current test.
$runs = [Collections.Generic.List[GracefulExit.Tests.Harness.ScriptRun]]::new()

<#
.SYNOPSIS
    Runs a script in the shell under test, and returns the run.
.DESCRIPTION
    The text of the script block becomes a script file in a temporary directory, which is the current one too. The prelude
    is run before it: it imports the module under test and offers Out-Line, Send-Signal and Wait-Forever (prelude.ps1), and if
    the text names one of them, Show-LineWhen, Get-Child or Get-OlderHandler (process.ps1).
    $using:name in the script stands for the value of the test's variable $name at the start. Strings, numbers, booleans,
    lists, hashtables and script blocks of these can be used. A param() block at the script's start gets -ArgumentList.
.PARAMETER Body
    The script.
.PARAMETER Path
    Instead, an existing script, run as it is: no prelude. "Import-Module GracefulExit" finds the module under test.
.PARAMETER ArgumentList
    The script's arguments, as text.
.PARAMETER AsCommand
    -Command "& 'script' 'arguments'" instead of -File script arguments.
.PARAMETER NoModule
    The prelude does not import the module.
.PARAMETER Terminal
    Standard input, output and error are a terminal of 120 by 30 characters.
.PARAMETER OpenInput
    Standard input is a pipe, for Send-Text and Close-Input. Without it, it is empty.
.PARAMETER Ignored
    Signals that the shell inherits as ignored.
.PARAMETER Environment
    Environment variables to set. $null removes one.
.PARAMETER WorkingDirectory
    The directory to start in, instead of the run's own.
.PARAMETER Shell
    Another shell: the executable and its first arguments.
.PARAMETER ShellArgument
    Further arguments of the shell, before -File or -Command.
.PARAMETER TimeLimit
    In seconds. A run that takes longer fails its test.
.PARAMETER LeftoverLimit
    In seconds. How long a process of the run, such as a guard at work, may outlive the shell.
.EXAMPLE
    $run = Start-Script { Use-ExitHandler { 'ready'; Wait-Forever } -OnExit { "exit: $($_.Signal)" } }
#>
function Start-Script {
    [CmdletBinding(DefaultParameterSetName = 'Body')]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Body')]
        [scriptblock] $Body,

        [Parameter(Mandatory, ParameterSetName = 'Path')]
        [string] $Path,

        [object[]] $ArgumentList = @(),
        [switch] $AsCommand,
        [Parameter(ParameterSetName = 'Body')] [switch] $NoModule,
        [switch] $Terminal,
        [switch] $OpenInput,
        [string[]] $Ignored = @(),
        [hashtable] $Environment = @{},
        [string] $WorkingDirectory,
        [string[]] $Shell = @(),
        [string[]] $ShellArgument = @(),
        [double] $TimeLimit = 30,
        [double] $LeftoverLimit = 20
    )

    $directory = [GracefulExit.Tests.Harness.RunDirectory]::new()
    if ($Body) {
        $text = ConvertTo-ScriptText $Body $PSCmdlet
        $Path = "$($directory.Path)/script.ps1"
        [IO.File]::WriteAllText($Path, (Add-Prelude $text $NoModule))
    }
    else {
        $Path = Resolve-Path -LiteralPath $Path
        $text = [IO.File]::ReadAllText($Path)
        $Environment = @{ PSModulePath = [GracefulExit.Tests.Harness.RunDirectory]::ModulePath } + $Environment
    }

    # At a terminal, prompts are part of what is tested.
    $arguments = @('-NoProfile') + @($Terminal ? @() : '-NonInteractive') + $ShellArgument
    if ($AsCommand) {
        $quoted = @($Path) + $ArgumentList | ForEach-Object { ConvertTo-Literal "$_" }
        $arguments += '-Command', "& $quoted"
    }
    else {
        $arguments += @('-File', $Path) + $ArgumentList
    }

    Start-Run $directory $Shell $arguments $text -Start @{
        Terminal = [bool] $Terminal
        Input = [bool] $OpenInput
        Ignored = ConvertTo-SignalName $Ignored
        Variables = ConvertTo-Dictionary $Environment
        WorkingDirectory = $WorkingDirectory ? $WorkingDirectory : [NullString]::Value
        TimeLimit = [timespan]::FromSeconds($TimeLimit)
        LeftoverLimit = [timespan]::FromSeconds($LeftoverLimit)
    }
}

<#
.SYNOPSIS
    Starts the shell under test at a terminal, without a script, and waits for its prompt.
.DESCRIPTION
    Send-Line types commands. Mind the echo: what is typed is part of the output, so type 'rea' + 'dy' and wait for ready.
    The module is imported and the prelude's commands are there unless -NoModule is given.
#>
function Start-Prompt {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [switch] $NoModule,
        [hashtable] $Environment = @{},
        [string[]] $Shell = @(),
        [string[]] $ShellArgument = @('-NoLogo', '-NoProfile'),
        [double] $TimeLimit = 30
    )

    $directory = [GracefulExit.Tests.Harness.RunDirectory]::new()
    $run = Start-Run $directory $Shell $ShellArgument '(typed at the prompt)' -Start @{
        Terminal = $true
        Variables = ConvertTo-Dictionary $Environment
        TimeLimit = [timespan]::FromSeconds($TimeLimit)
    }
    $null = $run | Wait-Text '> '
    if (-not $NoModule) {
        $null = $run | Send-Line ". $(ConvertTo-Literal "$PSScriptRoot/prelude.ps1"); . $(ConvertTo-Literal "$PSScriptRoot/process.ps1"); 'imp' + 'orted'" | Wait-Line imported | Wait-Text '> '
    }

    $run
}

<#
.SYNOPSIS
    Starts any program as Start-Script starts the shell, for what starts a shell by other means: sh, nohup, unshare.
.DESCRIPTION
    Get-ShellPath tells which shell to start. "$PSScriptRoot/Harness/prelude.ps1" is there to be dot-sourced.
.EXAMPLE
    $run = Start-Program nohup (Get-ShellPath), '-NoProfile', '-Command', 'exit 3'
#>
function Start-Program {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $FilePath,
        [Parameter(Position = 1)] [string[]] $ArgumentList = @(),
        [switch] $Terminal,
        [switch] $OpenInput,
        [string[]] $Ignored = @(),
        [hashtable] $Environment = @{},
        [string] $WorkingDirectory,
        [double] $TimeLimit = 30,
        # How long a process of the run may outlive it.
        [double] $LeftoverLimit = 20
    )

    Start-Run ([GracefulExit.Tests.Harness.RunDirectory]::new()) $FilePath $ArgumentList "$FilePath $ArgumentList" -Start @{
        Terminal = [bool] $Terminal
        Input = [bool] $OpenInput
        Ignored = ConvertTo-SignalName $Ignored
        Variables = ConvertTo-Dictionary $Environment
        WorkingDirectory = $WorkingDirectory ? $WorkingDirectory : [NullString]::Value
        TimeLimit = [timespan]::FromSeconds($TimeLimit)
        LeftoverLimit = [timespan]::FromSeconds($LeftoverLimit)
    }
}

<#
.SYNOPSIS
    The path of the shell under test.
#>
function Get-ShellPath {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    [GracefulExit.Tests.Harness.Repository]::Shell
}

<#
.SYNOPSIS
    Whether the shell under test is Windows PowerShell, for what is to be expected of it.
#>
function Test-Windows {
    [CmdletBinding()]
    [OutputType([bool])]
    param()

    [GracefulExit.Tests.Harness.WindowsTarget]::IsChosen
}

<#
.SYNOPSIS
    The path of the module under test.
#>
function Get-ModulePath {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    [GracefulExit.Tests.Harness.Repository]::Module
}

<#
.SYNOPSIS
    Waits until a whole line of output equals the text.
.DESCRIPTION
    Looks behind what the run has waited for before. Fails the test if the output ends, or the run's time is over.
#>
function Wait-Line {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Text,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process { try { $Run.WaitForLine($Text); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Waits until the output contains the text, or with -Match, matches a regular expression; $run.Found then has the match and its groups.
.DESCRIPTION
    Looks behind what the run has waited for before. Fails the test if the output ends, or the run's time is over.
#>
function Wait-Text {
    [CmdletBinding(DefaultParameterSetName = 'Text')]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Text')] [string] $Text,
        [Parameter(Mandatory, ParameterSetName = 'Match')] [string] $Match,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process {
        try {
            if ($Text) { $Run.WaitForText($Text) } else { $Run.WaitForMatch($Match) }
            $Run
        }
        catch { Stop-Test $_ $PSCmdlet }
    }
}

<#
.SYNOPSIS
    Waits until standard error matches a regular expression.
#>
function Wait-ErrorText {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Match,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process { try { $Run.WaitForErrorLine($Match); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Waits until a file in the run's directory has a whole line that equals the text.
#>
function Wait-FileLine {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [string] $Text,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process { try { $Run.WaitForFileLine($Name, $Text); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Sends signals to the shell, by kill(2), one after another without waiting.
.PARAMETER Name
    TERM or SIGTERM. Several are sent in this order.
.PARAMETER Count
    How often the list is sent. The shell may end meanwhile.
.PARAMETER Group
    To the shell's process group, as a terminal does.
.PARAMETER Id
    To another process. An expression is evaluated before the pipeline begins, so before the run is waited for in it.
.PARAMETER FirstProcess
    To process 1 of the namespace that the run's program, unshare, has made.
#>
function Send-Signal {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string[]] $Name,
        [int] $Count = 1,
        [switch] $Group,
        [ValidateRange('Positive')] [int] $Id,
        [switch] $FirstProcess,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process {
        try {
            $names = ConvertTo-SignalName $Name
            # Its number outside.
            if ($FirstProcess) { $Id = [int] [IO.File]::ReadAllText("/proc/$($Run.Id)/task/$($Run.Id)/children") }
            if ($Id) {
                foreach ($one in $names) { $null = [GracefulExit.Tests.Harness.Signals]::Send($Id, $one) }
            }
            elseif ($Group) {
                foreach ($one in $names) { $Run.SendGroupSignal($one) }
            }
            else {
                $Run.SendSignal($names, $Count)
            }

            $Run
        }
        catch { Stop-Test $_ $PSCmdlet }
    }
}

<#
.SYNOPSIS
    Types a text at the terminal, or writes it to standard input. "`u{3}" is Ctrl+C, "`r" is Enter.
#>
function Send-Text {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Text,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process { try { $Run.Type($Text); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Types a line and Enter at the terminal, or writes the line to standard input.
#>
function Send-Line {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param(
        [Parameter(Mandatory, Position = 0)] [AllowEmptyString()] [string] $Text,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process { try { $Run.Type($Text + ($Run.Terminal ? "`r" : "`n")); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Presses Ctrl+C at the terminal.
#>
function Send-CtrlC {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param([Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run)
    process { try { $Run.Type("`u{3}"); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Closes the terminal, as when its window is closed: the system sends SIGHUP to the session.
#>
function Close-Terminal {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param([Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run)
    process { try { $Run.CloseTerminal(); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Closes standard input: the shell reads its end. Needs Start-Script -OpenInput.
#>
function Close-Input {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param([Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run)
    process { try { $Run.CloseInput(); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Closes the read end of standard output: what the shell writes from now on fails with a broken pipe.
#>
function Close-Output {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param([Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run)
    process { try { $Run.CloseOutput(); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Waits until the shell has ended, without judging how.
#>
function Wait-Exit {
    [CmdletBinding()]
    [OutputType([GracefulExit.Tests.Harness.ScriptRun])]
    param([Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run)
    process { try { $Run.WaitForExit(); $Run } catch { Stop-Test $_ $PSCmdlet } }
}

<#
.SYNOPSIS
    Waits until the shell has ended, and fails the test unless everything is as expected.
.DESCRIPTION
    Every run ends with it. Besides what its parameters say, standard error has to be empty (without -ErrorMatch) and no
    process of the run may be left 20 seconds after the shell's end.
.PARAMETER Output
    The exact lines of standard output, all of them. @() for none.
.PARAMETER OutputMatch
    Instead, regular expressions that match in this order, each behind the one before. ^ and $ match at line breaks too.
    For terminals: the text has no escape sequences and no carriage returns, and contains what was typed.
.PARAMETER ErrorMatch
    Regular expressions that match standard error in this order.
.PARAMETER File
    Names of files in the run's directory, and their exact lines. @() for no such file.
.PARAMETER Status
    The exit status, or the signal that killed the shell: 0, 143, 'SIGTERM'. Several, where either is right.
.PARAMETER Within
    Seconds. From the last thing that the test did to the run until its end.
#>
function Assert-Run {
    [CmdletBinding(DefaultParameterSetName = 'Output')]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Output')] [AllowEmptyCollection()] [AllowEmptyString()] [string[]] $Output,
        [Parameter(Mandatory, ParameterSetName = 'Match')] [AllowEmptyCollection()] [string[]] $OutputMatch,
        [string[]] $ErrorMatch = @(),
        [hashtable] $File = @{},
        [object[]] $Status = @(0),
        [double] $Within,
        [Parameter(Mandatory, ValueFromPipeline)] [GracefulExit.Tests.Harness.ScriptRun] $Run
    )
    process {
        $files = [Collections.Generic.Dictionary[string, Collections.Generic.IReadOnlyList[string]]]::new()
        foreach ($name in $File.Keys) { $files[$name] = [string[]] $File[$name] }

        $expected = [GracefulExit.Tests.Harness.RunExpectation] @{
            ErrorPatterns = $ErrorMatch
            Files = $files
            Status = [GracefulExit.Tests.Harness.ExitStatus[]] @($Status | ForEach-Object { ConvertTo-Status $_ })
        }
        if ($PSCmdlet.ParameterSetName -eq 'Match') { $expected.OutputPatterns = $OutputMatch } else { $expected.Output = $Output }
        if ($Within) { $expected.Within = [timespan]::FromSeconds($Within) }
        try { $Run.Judge($expected) } catch { Stop-Test $_ $PSCmdlet }
    }
}

<#
.SYNOPSIS
    Skips the test, with the reason, where the machine does not have what it needs.
.PARAMETER Linux
    /proc, namespaces and whatever else only Linux has.
.PARAMETER Windows
    Windows; with -Linux, one of the two.
.PARAMETER Unix
    Not Windows.
.PARAMETER Unshare
    Namespaces may be made here: unshare --user --map-root-user --pid --fork.
.PARAMETER Root
    The user is root and may make namespaces with mounts of their own: unshare --mount --pid --fork --mount-proc.
.PARAMETER Program
    A program on PATH. .ci/install-places installs those that the tests of Places start.
#>
function Skip-Unless {
    [CmdletBinding()]
    param([switch] $Linux, [switch] $Windows, [switch] $Unix, [switch] $Unshare, [switch] $Root, [string[]] $Program = @())

    $missing = @(
        if (($Linux -or $Windows) -and -not ((Test-Windows) ? $Windows : ($Linux -and $IsLinux))) { $Linux ? 'Linux' : 'Windows' }
        if ($Unix -and (Test-Windows)) { 'Unix' }
        if ($Unshare -and ((Test-Windows) -or -not (Test-Unshare))) { 'unshare, and the right to use it' }
        if ($Root -and ((Test-Windows) -or -not (Test-Root))) { 'root, with the right to make namespaces' }
        foreach ($name in $Program) { if (-not (Get-Command $name -CommandType Application -ErrorAction Ignore)) { $name } }
    )
    # The tools of this machine are none of Windows's.
    if ($missing -and (Test-Windows)) { Skip-OnWindows ([GracefulExit.Tests.Harness.NotOnWindowsException]::new($missing -join ', ')) }
    if ($missing) { Set-ItResult -Skipped -Because "it needs $($missing -join ', ')" }
}

<#
.SYNOPSIS
    After each test: ends what still runs. Fails the test if a run was never judged by Assert-Run.
#>
function Clear-Run {
    [CmdletBinding()]
    param()

    $unjudged = @($runs | Where-Object { -not $_.IsJudged }).Count
    foreach ($run in $runs) { $run.Dispose() }
    $runs.Clear()
    if ($unjudged -gt 0) {
        throw "The test has ended without judging $unjudged of its runs. Does each end with Assert-Run?"
    }
}

# Starts a shell and remembers the run. Start: what RunStart gets besides.
function Start-Run($Directory, [string[]] $Shell, [object[]] $Arguments, [string] $Text, [hashtable] $Start) {
    $all = [string[]] (@($Shell | Select-Object -Skip 1) + $Arguments)
    $wanted = [GracefulExit.Tests.Harness.RunStart] (@{ Arguments = $all; ScriptText = $Text } + $Start)
    if ($Shell) { $wanted.FileName = $Shell[0] }
    try { $run = [GracefulExit.Tests.Harness.ScriptRun]::Start($wanted, $Directory) }
    catch [GracefulExit.Tests.Harness.NotOnWindowsException] { Skip-OnWindows $_.Exception }
    $runs.Add($run)
    $run
}

# The text of a script block, without the braces and the indentation, its $using: expressions replaced by values.
function ConvertTo-ScriptText([scriptblock] $Body, $Cmdlet) {
    $ast = $Body.Ast
    $text = $ast.Extent.Text
    $uses = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.UsingExpressionAst] }, $true)
    foreach ($use in $uses | Sort-Object { $_.Extent.StartOffset } -Descending) {
        # What is behind the name, as in $using:list.Count, is part of the expression too.
        $name = $use.Find({ $args[0] -is [System.Management.Automation.Language.VariableExpressionAst] }, $false)
        $variable = $Cmdlet.SessionState.PSVariable.Get($name.VariablePath.UserPath)
        if (-not $variable) { throw "The script says `$using:$($name.VariablePath.UserPath), but the test has no such variable." }
        $literal = "($(ConvertTo-Literal $variable.Value))"
        if ($use.Parent -is [System.Management.Automation.Language.ExpandableStringExpressionAst]) { $literal = "`$$literal" }
        $from = $use.Extent.StartOffset - $ast.Extent.StartOffset
        $to = $name.Extent.EndOffset - $ast.Extent.StartOffset
        $text = $text.Substring(0, $from) + $literal + $text.Substring($to)
    }

    # A literal has braces; a block that was made of a text has none.
    if ($ast.Parent) { $text = $text.Substring(1, $text.Length - 2) }
    $lines = $text.TrimEnd() -split "`n"
    $indentation = $lines | Select-Object -Skip 1 | Where-Object { $_.Trim() } |
        ForEach-Object { $_.Length - $_.TrimStart().Length } | Measure-Object -Minimum
    if ($indentation.Count -eq 0) { return $lines[0].Trim() }
    $rest = $lines | Select-Object -Skip 1 | ForEach-Object { $_.Substring([Math]::Min([int] $indentation.Minimum, $_.Length - $_.TrimStart().Length)) }
    (@($lines[0].Trim() | Where-Object { $_ }) + $rest) -join "`n"
}

# Puts the prelude's line at the start, or behind a param block.
function Add-Prelude([string] $Text, [bool] $NoModule) {
    $prelude = ". $(ConvertTo-Literal "$PSScriptRoot/prelude.ps1")$($NoModule ? ' -NoModule' : '')"
    if ($Text -match $processCommands) { $prelude += "; . $(ConvertTo-Literal "$PSScriptRoot/process.ps1")" }
    $prelude += "`n"
    $tokens = $errors = $null
    $block = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $errors).ParamBlock
    if (-not $block) { return $prelude + $Text + "`n" }
    $Text.Substring(0, $block.Extent.EndOffset) + "`n" + $prelude + $Text.Substring($block.Extent.EndOffset).TrimStart("`r", "`n", ';', ' ') + "`n"
}

# A value as a script would write it.
function ConvertTo-Literal($Value) {
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool]) { return $Value ? '$true' : '$false' }
    if ($Value -is [string] -or $Value -is [char] -or $Value -is [enum]) { return "'$("$Value" -replace "'", "''")'" }
    if ($Value -is [scriptblock]) { return "{$Value}" }
    if ($Value -is [Collections.IDictionary]) { return "@{ $(@($Value.Keys | ForEach-Object { "$(ConvertTo-Literal $_) = $(ConvertTo-Literal $Value[$_])" }) -join '; ') }" }
    if ($Value -is [Collections.IEnumerable]) { return "@($(@($Value | ForEach-Object { ConvertTo-Literal $_ }) -join ', '))" }
    if ($Value -is [IFormattable] -and $Value -is [ValueType]) { return $Value.ToString($null, [cultureinfo]::InvariantCulture) }
    throw "A value of type $($Value.GetType()) can't be written into a script."
}

function ConvertTo-SignalName([string[]] $Name) {
    , [string[]] @($Name | ForEach-Object { $_ -replace '^(SIG)?', 'SIG' })
}

function ConvertTo-Status($Status) {
    if ($Status -is [int]) { return [GracefulExit.Tests.Harness.ExitStatus]::Exited($Status) }
    $name = "$Status" -replace '^(SIG)?', 'SIG'
    if (-not [GracefulExit.Tests.Harness.Signals]::IsKnown($name)) { throw "'$Status' is no exit status: give a number or a signal." }
    [GracefulExit.Tests.Harness.ExitStatus]::Killed($name)
}

function ConvertTo-Dictionary([hashtable] $Table) {
    $dictionary = [Collections.Generic.Dictionary[string, string]]::new()
    foreach ($name in $Table.Keys) { $dictionary[$name] = $null -eq $Table[$name] ? [NullString]::Value : "$($Table[$name])" }
    , $dictionary
}

# Namespaces may be installed and yet not be allowed, so try them. Once.
function Test-Unshare {
    if (-not (Test-Path Variable:script:unshare)) {
        $script:unshare = $false
        if (Get-Command unshare -CommandType Application -ErrorAction Ignore) {
            unshare --user --map-root-user --pid --fork true 2>$null
            $script:unshare = $LASTEXITCODE -eq 0
        }
    }

    $script:unshare
}

function Test-Root {
    if (-not (Test-Path Variable:script:isRoot)) {
        $script:isRoot = $false
        if ([Environment]::UserName -eq 'root' -and (Get-Command unshare -CommandType Application -ErrorAction Ignore)) {
            unshare --mount --pid --fork --mount-proc true 2>$null
            $script:isRoot = $LASTEXITCODE -eq 0
        }
    }

    $script:isRoot
}

# Leaves the test out: it is none of Windows's. run-file.ps1 does not even count it.
function Skip-OnWindows([GracefulExit.Tests.Harness.NotOnWindowsException] $Exception) {
    foreach ($run in $runs) { $run.Dispose() }
    $runs.Clear()
    Set-ItResult -Skipped -Because $Exception.Message
}

# Fails the test with what a run has thrown, at the line of the test.
function Stop-Test([System.Management.Automation.ErrorRecord] $ErrorRecord, $Cmdlet) {
    # A command further down the pipeline has skipped the test.
    if ($ErrorRecord.FullyQualifiedErrorId -like 'PesterTest*') { throw $ErrorRecord }
    $exception = $ErrorRecord.Exception
    while ($exception -isnot [GracefulExit.Tests.Harness.HarnessException] -and $exception.InnerException) { $exception = $exception.InnerException }
    if ($exception -is [GracefulExit.Tests.Harness.NotOnWindowsException]) { Skip-OnWindows $exception }
    $id = $exception -is [GracefulExit.Tests.Harness.TimeLimitException] ? 'TimeLimit' : 'RunFailed'
    $Cmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new($exception, $id, 'InvalidResult', $null))
}

Export-ModuleMember -Function Start-Script, Start-Prompt, Start-Program, Get-ShellPath, Get-ModulePath, Test-Windows, Wait-Line, Wait-Text, Wait-ErrorText, Wait-FileLine, Wait-Exit, Send-Signal, Send-Text, Send-Line, Send-CtrlC,
    Close-Terminal, Close-Input, Close-Output, Assert-Run, Skip-Unless, Clear-Run
