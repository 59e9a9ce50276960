#Requires -Version 7.6
<#
.SYNOPSIS
    Writes docs/cmdlets/NAME.md for each cmdlet from the help that Get-Help shows.
.DESCRIPTION
    The help file in module/en-US is the one source. A test says whether the pages are current.
.PARAMETER Destination
    The directory of the pages, instead of docs/cmdlets.
.EXAMPLE
    out/shell/pwsh -NoProfile -File tools/New-CmdletPage.ps1
#>
[CmdletBinding()]
param([string] $Destination = "$PSScriptRoot/../docs/cmdlets")

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$source = 'module/en-US/GracefulExit.Cmdlets.dll-Help.xml'
$help = [xml]::new()
$help.PreserveWhitespace = $true
$help.Load("$PSScriptRoot/../$source")
$names = [System.Xml.XmlNamespaceManager]::new($help.NameTable)
$names.AddNamespace('maml', 'http://schemas.microsoft.com/maml/2004/10')
$names.AddNamespace('command', 'http://schemas.microsoft.com/maml/dev/command/2004/10')
$names.AddNamespace('dev', 'http://schemas.microsoft.com/maml/dev/2004/10')

function Select-Node([System.Xml.XmlNode] $Node, [string] $Path) {
    foreach ($found in $Node.SelectNodes($Path, $names)) { $found }
}

function Get-Text([System.Xml.XmlNode] $Node, [string] $Path) {
    $found = $Node.SelectSingleNode($Path, $names)
    if ($found) { $found.InnerText }
}

# Variables, parameters, types and cmdlets as code: plain, GitHub would read some of them as markup.
$code = [regex] '(?<![\w`])(\$\w+ = \$\w+|\$\?|\$\w+(:\w+)?(\.\w+)*|-[A-Z]\w+|\[[A-Za-z][\w.]*\](::\w+)?|<\w+>|[A-Z][a-z]+-[A-Z]\w+)'

function ConvertTo-Markdown([string] $Text) {
    $code.Replace($Text, '`$1`')
}

# The paragraphs of a node, with an empty line after each.
function Get-Paragraph([System.Xml.XmlNode] $Node, [string] $Path) {
    foreach ($paragraph in Select-Node $Node "$Path/maml:para") {
        ConvertTo-Markdown $paragraph.InnerText
        ''
    }
}

# A line as Get-Help shows it: [-Signal <Signal[]>].
function Get-Syntax([System.Xml.XmlNode] $Item) {
    $parts = foreach ($parameter in Select-Node $Item command:parameter) {
        $name = "-$(Get-Text $parameter maml:name)"
        if ($parameter.position -ne 'named') { $name = "[$name]" }
        $values = @(Select-Node $parameter command:parameterValueGroup/command:parameterValue | ForEach-Object InnerText)
        $type = $values ? $values -join ' | ' : (Get-Text $parameter command:parameterValue)
        $text = $type ? "$name <$type>" : $name
        $parameter.required -eq 'true' ? $text : "[$text]"
    }
    @(Get-Text $Item maml:name) + @($parts) -join ' '
}

function Get-Page([System.Xml.XmlNode] $Command) {
    $name = Get-Text $Command command:details/command:name
    "<!-- Made by tools/New-CmdletPage.ps1 from $source. Change that file. -->"
    "# $name"
    ''
    Get-Paragraph $Command command:details/maml:description
    '## Syntax'
    ''
    '```'
    Select-Node $Command command:syntax/command:syntaxItem | ForEach-Object { Get-Syntax $_ }
    '```'
    ''
    '## Description'
    ''
    Get-Paragraph $Command maml:description
    '## Examples'
    ''
    foreach ($example in Select-Node $Command command:examples/command:example) {
        "### $((Get-Text $example maml:title).Trim('-', ' '))"
        ''
        '```powershell'
        (Get-Text $example dev:code).TrimEnd()
        '```'
        ''
        Get-Paragraph $example dev:remarks
    }
    if (Select-Node $Command command:parameters/command:parameter) {
        '## Parameters'
        ''
    }
    foreach ($parameter in Select-Node $Command command:parameters/command:parameter) {
        "### -$(Get-Text $parameter maml:name)"
        ''
        Get-Paragraph $parameter maml:description
        $facts = @(
            "``$(Get-Text $parameter dev:type/maml:name)``"
            $parameter.required -eq 'true' ? 'required' : "default: ``$(Get-Text $parameter dev:defaultValue)``"
            $parameter.position -eq 'named' ? 'by name' : "position $($parameter.position)"
            if ($parameter.pipelineInput -eq 'True') { 'from the pipeline' }
            if ($parameter.aliases -ne 'none') { "alias ``-$($parameter.aliases)``" }
        )
        "*$($facts -join ' · ')*"
        ''
    }
    foreach ($section in ('Inputs', 'command:inputTypes/command:inputType'), ('Outputs', 'command:returnValues/command:returnValue')) {
        "## $($section[0])"
        ''
        foreach ($item in Select-Node $Command $section[1]) {
            "``$(Get-Text $item dev:type/maml:name)``"
            ''
            Get-Paragraph $item maml:description
        }
    }
    '## Notes'
    ''
    Get-Paragraph $Command maml:alertSet/maml:alert
    '## Related links'
    ''
    foreach ($link in Select-Node $Command command:relatedLinks/maml:navigationLink) {
        $text = Get-Text $link maml:linkText
        if ($text -eq 'about_GracefulExit') { '- [about_GracefulExit](../../module/en-US/about_GracefulExit.help.txt)' }
        elseif ($text -notlike '*:') { "- [$text]($text.md)" }
    }
}

$null = New-Item -ItemType Directory -Path $Destination -Force
foreach ($command in Select-Node $help.DocumentElement command:command) {
    $page = (Get-Page $command) -join "`n"
    $path = Join-Path $Destination "$(Get-Text $command command:details/command:name).md"
    [IO.File]::WriteAllText($path, $page.ReplaceLineEndings("`n") + "`n")
}
