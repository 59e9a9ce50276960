# What Get-Help shows of the module in the pwsh that runs this file: the help of each cmdlet, and the topic.
# tests/Unit compares the help file with the assembly.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Harness/Harness.psm1"
    Import-Module (Get-ModulePath) -ErrorAction Stop
    $cmdlets = foreach ($command in Get-Command -Module GracefulExit) {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        @{ Name = $command.Name; Parameters = @($command.Parameters.Keys | Where-Object { $_ -notin $common }) }
    }
    # For tests of parameters: the cmdlets that have any.
    $parameters = foreach ($cmdlet in $cmdlets) {
        foreach ($parameter in $cmdlet.Parameters) { @{ Cmdlet = $cmdlet.Name; Parameter = $parameter } }
    }
}

Describe 'Get-Help' -Tag Help {
    BeforeAll {
        Set-StrictMode -Version Latest

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

Describe 'The examples of the help' -Tag Help {
    . $PSScriptRoot/Harness/Use.ps1

    # Those that need nothing but the module, and what they write.
    It '<Cmdlet>: <Title>' -ForEach @(
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Clean up whatever happens'; Lines = 'working', 'removed, because of Completed', 'the script goes on' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Tell why the work ended'; Lines = 'working', 'cleaning up', 'done' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Wrap functions and nest scopes'; Lines = 'backing up sales', 'ended by Completed', 'lock released' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Clean up even after SIGKILL'; Lines = 'rendering' }
        @{ Cmdlet = 'Wait-ExitRequest'; Title = 'Only look'; Lines = 'item 1', 'item 2', 'item 3', 'cleaned up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Begin a scope whether or not another one is active'; Lines = 'working', 'cleaning up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Ask an outer scope from within'; Lines = 'outer scope: Body, exit requested: False', 'cleaning up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Find what listens to a signal'; Match = '\Ascript\.ps1:\d+\n\z' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'See what is active'; Match = '.' }
    ) {
        $example = @((Get-Help $Cmdlet -Full).examples.example | Where-Object title -Like "*: $Title ---*")
        $example.Count | Should -Be 1
        $run = Start-Script ([scriptblock]::Create($example.code))
        $expected = $_.ContainsKey('Lines') ? @{ Output = $Lines } : @{ OutputMatch = $Match }
        $run | Assert-Run @expected
    }
}

Describe 'about_GracefulExit' -Tag Help {
    . $PSScriptRoot/Harness/Use.ps1

    It 'names the parameter errors that PowerShell reports, and no others' {
        $run = Start-Script {
            $calls = { Use-ExitHandler { 'ran' } -Signal KILL },
                { Use-ExitHandler { 'ran' } -ExitTimeoutSeconds -1 },
                { Use-ExitHandler { 'ran' } -ExitTimeoutSeconds 2147484 },
                { Use-ExitHandler { 'ran' } -OnExit $function:missing },
                { Use-ExitHandler { 'ran' } -AfterSignal Nothing }
            foreach ($call in $calls) {
                try { & $call } catch { "    $($_.FullyQualifiedErrorId -replace ',.*') ($($_.CategoryInfo.Category))" }
            }
            Use-ExitHandler { 'the maximum is allowed' } -ExitTimeoutSeconds 2147483
        } | Wait-Exit
        $reported = $run.Output
        $run | Assert-Run -OutputMatch '\A(    \w+ \(\w+\)\n){5}the maximum is allowed\n\z'

        $topic = (Get-Content (Get-ChildItem (Get-ModulePath) -Recurse -Filter about_GracefulExit.help.txt) -Raw) -replace '(?s).*\nPARAMETER ERRORS\n' -replace '(?s)\n\w.*'
        $told = [regex]::Matches($topic, '(?m)^    \w+ \(\w+(, \w+)*\)$').Value
        $reported | Select-Object -SkipLast 1 | Sort-Object -Unique | Should -Be ($told | Sort-Object)
    }
}
