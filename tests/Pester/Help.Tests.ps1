# What Get-Help shows of the module in the pwsh that runs this file: the help of each cmdlet, and the topic.

BeforeDiscovery {
    $module = $env:GRACEFULEXIT_MODULE ? $env:GRACEFULEXIT_MODULE : [IO.Path]::GetFullPath("$PSScriptRoot/../../out/GracefulExit")
    Import-Module $module -ErrorAction Stop
    $cmdlets = foreach ($command in Get-Command -Module GracefulExit) {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        @{ Name = $command.Name; Parameters = @($command.Parameters.Keys | Where-Object { $_ -notin $common }) }
    }
    # For tests of parameters: the cmdlets that have any.
    $parameters = foreach ($cmdlet in $cmdlets) {
        foreach ($parameter in $cmdlet.Parameters) { @{ Cmdlet = $cmdlet.Name; Parameter = $parameter } }
    }
}

Describe 'Get-Help' -Tag 'Help' {
    BeforeAll {
        Set-StrictMode -Version Latest
        $module = $env:GRACEFULEXIT_MODULE ? $env:GRACEFULEXIT_MODULE : [IO.Path]::GetFullPath("$PSScriptRoot/../../out/GracefulExit")
        Import-Module $module -ErrorAction Stop

        function Get-HelpText([object] $Paragraphs) {
            ($Paragraphs | ForEach-Object Text) -join "`n"
        }
    }

    It 'is asked in strict mode' {
        { $nothing } | Should -Throw -ErrorId 'VariableIsUndefined*'
    }

    It 'knows <Name>: synopsis, description, notes, outputs and links' -ForEach $cmdlets {
        $help = Get-Help $Name -Full
        # Without a help file the synopsis is the syntax.
        $help.Synopsis | Should -Match '\.\s*$'
        $help.Synopsis | Should -Not -BeLike "*$Name *"
        Get-HelpText $help.description | Should -Not -BeNullOrEmpty
        Get-HelpText $help.alertSet.alert | Should -Not -BeNullOrEmpty
        $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
        @($help.relatedLinks.navigationLink).linkText | Should -Contain 'about_GracefulExit'
    }

    It 'shows at least four examples of <Name>' -ForEach $cmdlets {
        $examples = @((Get-Help $Name -Full).examples.example)
        $examples.Count | Should -BeGreaterOrEqual 4
        foreach ($example in $examples) {
            $example.code | Should -Not -BeNullOrEmpty
            Get-HelpText $example.remarks | Should -Not -BeNullOrEmpty
        }
    }

    It 'describes -<Parameter> of <Cmdlet>' -ForEach $parameters {
        $help = Get-Help $Cmdlet -Parameter $Parameter -ErrorAction Stop
        Get-HelpText $help.description | Should -Match '\.$'
    }

    It 'shows every parameter of <Name> in its syntax' -ForEach $cmdlets {
        $syntax = Get-Help $Name | Out-String -Width 400
        foreach ($parameter in $Parameters) {
            $syntax | Should -Match "\[?-$parameter\b"
        }
    }

    It 'shows <Name> in full' -ForEach $cmdlets {
        $text = Get-Help $Name -Full | Out-String -Width 100
        foreach ($heading in 'NAME', 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
            $text | Should -MatchExactly "(?m)^$heading\s*$"
        }
    }

    It 'finds about_GracefulExit' {
        $topic = @(Get-Help about_GracefulExit)
        $topic.Count | Should -Be 1
        $text = $topic | Out-String -Width 100
        foreach ($heading in 'SHORT DESCRIPTION', 'RECIPES', 'ERRORS', 'LIMITS') {
            $text | Should -MatchExactly "(?m)^$heading\s*$"
        }
    }
}
