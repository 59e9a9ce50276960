# What Get-Help shows of the module in the pwsh that runs this file: the help of each cmdlet, and the topic.
# tests/Unit compares the help file with the assembly.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/Harness/Harness.psm1"
    Import-Module (Get-ModulePath) -ErrorAction Stop
    # Those that need nothing but the module. Signal: what is sent once the script has written "working".
    # Alone: in a shell of its own, because its end is shown, or the error output. The others run one after another in one.
    $examples = @(
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Clean up whatever happens'; Output = 'working', 'removed, because of Completed', 'the script goes on' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Tell why the work ended'; Output = 'working', 'cleaning up', 'done' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Wrap functions and nest scopes'; Output = 'backing up sales', 'ended by Completed', 'lock released' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Clean up even after SIGKILL'; Alone = $true; Output = 'rendering' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Choose the signals and the exit status'; Alone = $true; Output = 'working', 'ended by SIGUSR1'; Status = 3 }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Limit the time of a clean-up'; Alone = $true; Output = 'working', 'second exit block'; ErrorMatch = 'Exit block 1 of 2 was stopped' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'A body that waits in native code'; Alone = $true; Signal = 'TERM'; Output = 'working', 'server stopped: SIGTERM', 'the script goes on' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'A native command that ends by itself'; Alone = $true; Signal = 'TERM'; Output = 'working', 'the tool cleans up', 'cleaned up' }
        @{ Cmdlet = 'Use-ExitHandler'; Title = 'Hand objects to the body'; Output = 'converting a.txt', 'converting b.txt', 'done' }
        @{ Cmdlet = 'Register-ExitHandler'; Title = 'One line at the top of a script'; Alone = $true; Output = 'working', 'file removed' }
        @{ Cmdlet = 'Register-ExitHandler'; Title = 'Remove it again'; Alone = $true; Output = 'working' }
        @{ Cmdlet = 'Register-ExitHandler'; Title = 'The newest first'; Alone = $true; Output = 'working', 'second', 'first' }
        @{ Cmdlet = 'Register-ExitHandler'; Title = 'See why the session ends'; Alone = $true; Output = 'working', 'ended: Completed' }
        @{ Cmdlet = 'Register-ExitHandler'; Title = 'Choose signals and limits, and add a guard'; Alone = $true; Output = 'working', 'cleaned up' }
        @{ Cmdlet = 'Unregister-ExitHandler'; Title = 'Remove all handlers'; Output = 'done' } # first: it would hide that another one has not removed its own
        @{ Cmdlet = 'Unregister-ExitHandler'; Title = 'Remove a handler'; Output = 'done' }
        @{ Cmdlet = 'Unregister-ExitHandler'; Title = 'By its number'; Output = 'done' }
        @{ Cmdlet = 'Unregister-ExitHandler'; Title = 'When the work is done'; Output = 'working' }
        @{ Cmdlet = 'Add-ExitBlock'; Title = 'Clean up each thing as it is created'; Output = 'working', 'file removed' }
        @{ Cmdlet = 'Add-ExitBlock'; Title = 'Last in, first out'; Output = 'working', 'undo start', 'undo mount' }
        @{ Cmdlet = 'Add-ExitBlock'; Title = 'Undo only what was not committed'; Output = 'changed', 'committed' }
        @{ Cmdlet = 'Add-ExitBlock'; Title = 'In a function'; Output = 'working' }
        @{ Cmdlet = 'Remove-ExitBlock'; Title = 'Commit'; Output = 'committed' }
        @{ Cmdlet = 'Remove-ExitBlock'; Title = 'Commit several at once'; Output = 'committed' }
        @{ Cmdlet = 'Remove-ExitBlock'; Title = 'Commit or roll back'; Output = 'committed' }
        @{ Cmdlet = 'Remove-ExitBlock'; Title = 'See whether it was removed'; OutputMatch = '\AVERBOSE: The exit block will not run.*\n\z' }
        @{ Cmdlet = 'Use-ExitShield'; Title = 'Two steps that belong together'; Output = 'take from one account', 'give to the other' }
        @{ Cmdlet = 'Use-ExitShield'; Title = 'Create a file and push its clean-up'; Output = 'working' }
        @{ Cmdlet = 'Use-ExitShield'; Title = 'A stop that waits'; Output = 'still here', 'cleaned up' }
        @{ Cmdlet = 'Use-ExitShield'; Title = 'No longer than a second'; Output = 'saving' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'End the scope from within'; Output = 'working', 'cleaning up after SIGTERM', 'the script goes on' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'Choose the signal'; Output = '130' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'From a thread job'; Output = 'True', 'SIGTERM' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'Another process'; Output = 'ended with 129' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'Another process, by its id'; Output = 'ended with 143' }
        @{ Cmdlet = 'Send-ExitRequest'; Title = 'See first what it would do'; OutputMatch = '\AWhat if: .*this process.*\ncleaned up\n\z' }
        @{ Cmdlet = 'Wait-ExitRequest'; Title = 'Only check'; Output = 'item 1', 'item 2', 'item 3', 'cleaned up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Begin a scope whether or not another one is active'; Output = 'working', 'cleaning up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Ask an outer scope from within'; Output = 'outer scope: Body, exit requested: False', 'cleaning up' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'Find what listens to a signal'; OutputMatch = '\Aexample-\d+\.ps1:\d+\n\z' }
        @{ Cmdlet = 'Get-ExitHandler'; Title = 'See what is active'; OutputMatch = '.' }
    )
    $cmdlets = foreach ($command in Get-Command -Module GracefulExit) {
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        @{ Name = $command.Name; Examples = $examples; Together = @($examples | Where-Object { $_.Cmdlet -eq $command.Name -and -not $_['Alone'] }); Parameters = @($command.Parameters.Keys | Where-Object { $_ -notin $common }) }
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

    It 'works in strict mode' {
        { $nothing } | Should -Throw -ErrorId 'VariableIsUndefined*'
    }

    It 'has synopsis, description, notes, outputs and links of <Name>' -ForEach $cmdlets {
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

    BeforeAll {
        function Get-Example([string] $Cmdlet, [string] $Title) {
            $example = @((Get-Help $Cmdlet -Full).examples.example | Where-Object title -Like "*: $Title ---*")
            $example.Count | Should -Be 1 -Because "there is one example '$Title'"
            $example.code
        }

        # By name, by position, and by the pipeline.
        function Get-BoundParameter([Management.Automation.Language.CommandAst] $Call) {
            $Call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] } | ForEach-Object ParameterName
            [Management.Automation.Language.StaticParameterBinder]::BindCommand($Call, $true).BoundParameters.Keys
            if ($Call.Parent.PipelineElements.IndexOf($Call) -gt 0) {
                (Get-Command $Call.GetCommandName()).Parameters.Values | Where-Object { $_.Attributes.ValueFromPipeline -contains $true } | ForEach-Object Name
            }
        }
    }

    It '<Cmdlet>: <Title>' -ForEach ($examples | Where-Object { $_['Alone'] }) {
        # As with an installed module: other runspaces find it by its name.
        $run = Start-Script ([scriptblock]::Create((Get-Example $Cmdlet $Title))) -Environment @{ PSModulePath = Split-Path (Get-ModulePath) }
        if ($_.ContainsKey('Signal')) { $run | Wait-Line working | Send-Signal $Signal }
        $expected = @{}
        foreach ($key in 'Output', 'ErrorMatch', 'Status') {
            if ($_.ContainsKey($key)) { $expected[$key] = $_[$key] }
        }
        $run | Assert-Run @expected
    }

    It '<Name>: those that need no shell of their own' -ForEach ($cmdlets | Where-Object { $_.Together }) {
        $number = 0
        $paths = foreach ($example in $Together) {
            $number++
            Set-Content "$TestDrive/example-$number.ps1" (Get-Example $Name $example.Title)
            "$TestDrive/example-$number.ps1"
        }
        $run = Start-Script -Environment @{ PSModulePath = Split-Path (Get-ModulePath) } {
            foreach ($path in $using:paths) {
                "-- $path"
                & $path
            }
            '-- end'
        } | Wait-Exit
        # What each has written, between the marks.
        $parts = ($run.Output -join "`n") -split '(?m)^-- .*\n?'
        $run | Assert-Run -OutputMatch '\n-- end\n+\z' # a table ends with the script, with an empty line
        $parts.Count | Should -Be ($Together.Count + 2)
        for ($i = 0; $i -lt $Together.Count; $i++) {
            $match = $Together[$i]['OutputMatch'] ?? ('\A' + (($Together[$i].Output | ForEach-Object { [regex]::Escape($_) + '\n' }) -join '') + '\z')
            $parts[$i + 1] | Should -Match $match -Because "that is what the example '$($Together[$i].Title)' writes"
        }
    }

    It 'that run here use every parameter of <Name>' -ForEach $cmdlets {
        $titles = @($Examples | Where-Object Cmdlet -EQ $Name | ForEach-Object Title)
        $shown = foreach ($example in (Get-Help $Name -Full).examples.example | Where-Object { $_.title -replace '^.*?: | ---$' -in $titles }) {
            $tree = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $null)
            $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] -and $args[0].GetCommandName() -eq $Name }, $true) | ForEach-Object { Get-BoundParameter $_ }
        }
        $Parameters | Where-Object { $_ -notin $shown } | Should -BeNullOrEmpty
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

Describe 'The pages in docs/cmdlets' -Tag Help {
    BeforeAll {
        $root = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
        & "$root/tools/New-CmdletPage.ps1" -Destination "$TestDrive/pages"
    }

    It 'are those of the cmdlets and no others' {
        (Get-ChildItem "$root/docs/cmdlets").Name | Sort-Object | Should -Be ((Get-ChildItem "$TestDrive/pages").Name | Sort-Object)
    }

    It '<Name>.md is current: tools/New-CmdletPage.ps1 writes it' -ForEach $cmdlets {
        Get-Content "$root/docs/cmdlets/$Name.md" | Should -Be (Get-Content "$TestDrive/pages/$Name.md")
    }
}

Describe 'The first example of the README' -Tag Help {
    . $PSScriptRoot/Harness/Use.ps1

    It 'works as pasted' {
        $blocks = [regex]::Matches((Get-Content "$PSScriptRoot/../../README.md" -Raw), '(?ms)^```powershell\n(.*?)^```').ForEach{ $_.Groups[1].Value }
        $example = @($blocks) -match 'Use-ExitHandler' | Select-Object -First 1
        $run = Start-Script ([scriptblock]::Create($example)) -NoModule -Environment @{ PSModulePath = Split-Path (Get-ModulePath) }
        $run | Wait-Text -Match 'or from another terminal: kill \d+' | Send-Signal TERM
        $run | Assert-Run -OutputMatch '\AThis is process \d+\..*\n', '\Gremoved, because of SIGTERM\nthe script goes on\n\z'
    }
}

Describe 'The contract' -Tag Help {
    It 'has a test for each of its rows, and no test names another row' {
        $rows = [regex]::Matches((Get-Content "$PSScriptRoot/../../docs/contract.md" -Raw), '(?m)^\| ([A-H]\d+) \|').ForEach{ $_.Groups[1].Value }
        $tests = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 -Recurse | Get-Content -Raw
        $named = [regex]::Matches($tests, '-Tag ((?:\w+, )*\w+)').ForEach{ $_.Groups[1].Value -split ', *' } -match '^[A-H]\d+$'
        $named | Sort-Object -Unique | Should -Be ($rows | Sort-Object -Unique)
    }
}
