# Calls with parameters of every kind, sensible or not: an error before the body begins, or all of the promise; never half.

Describe 'A thousand calls with random parameters' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It '<Cmdlet>: no crash, no hang, nothing half-registered, seed <Seed>' -Tag A9 -ForEach @(
        @{ Cmdlet = 'Use-ExitHandler'; Calls = 600 }
        @{ Cmdlet = 'Register-ExitHandler'; Calls = 200 }
        @{ Cmdlet = 'Use-ExitShield'; Calls = 200 }
    ).ForEach({ $_.Seed = Get-Random -Maximum 100000; $_ }) {
        $run = Start-Script -ArgumentList $Cmdlet, $Calls, $Seed {
            param($Cmdlet, $Calls, $Seed)
            $random = [System.Random]::new($Seed)
            $values = @(
                { $null }, { '' }, { ' ' }, { 'text' }, { [char] 0 + "x`n" }, { '’‘“' }, { -1 }, { 0 }, { 0.001 }, { 1 }, { 15 }, { 9 }, { 1e308 }, { [double]::NaN }
                { [double]::PositiveInfinity }, { [int]::MaxValue }, { [timespan]::Zero }, { [timespan]::MaxValue }, { [timespan]::FromSeconds(-1) }, { [timespan]::FromSeconds(1) }
                { , @() }, { , @($null) }, { , @(1, 'a', $null) }, { @{ a = 1 } }, { [pscustomobject] @{ b = 2 } }, { Get-Date }, { $true }, { 'TERM' }, { 'SIGKILL' }, { , @('hup', 'INT', 2) }
                { 'Exit' }, { 'Raise' }, { [System.Threading.Thread]::CurrentThread }, { $ExecutionContext }, { , @(1..1000) }, { 'x' * 100000 }, { '+exit' }, { 'a b' }, { [type] }
                { { $script:begun++ } }, { { $script:exits++ } }
            )
            $names = (Get-Command $Cmdlet).Parameters.Keys |
                Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters -and $_ -notin 'ScriptBlock', 'OnExit', 'Guard', 'PassThru', 'InputObject' }

            foreach ($number in 1..$Calls) {
                $parameters = @{}
                foreach ($name in $names) {
                    if ($random.Next(7) -eq 0) { $parameters[$name] = & $values[$random.Next($values.Count)] }
                }
                $script:begun = $script:exits = 0
                $blocks = $random.Next(0, 4)
                $before = @(Get-ExitHandler).Count
                switch ($Cmdlet) {
                    Use-ExitHandler {
                        if ($blocks) { $parameters.OnExit = @({ $script:exits++ }) * $blocks }
                        try { $null = 1 | Use-ExitHandler { $script:begun++ } @parameters -ErrorAction Ignore } catch { }
                        $isRight = $script:begun -in 0, 1 -and $script:exits -eq $script:begun * $blocks
                    }
                    Register-ExitHandler {
                        $handler = $null
                        try { $handler = Register-ExitHandler { } @parameters -PassThru -ErrorAction Ignore } catch { }
                        $isRight = @(Get-ExitHandler).Count -eq $before + [bool] $handler
                        if ($handler) { $handler | Unregister-ExitHandler }
                    }
                    Use-ExitShield {
                        Use-ExitHandler {
                            try { $null = Use-ExitShield { $script:begun++ } @parameters -ErrorAction Ignore } catch { }
                        } -OnExit { $script:exits++ }
                        $isRight = $script:begun -in 0, 1 -and $script:exits -eq 1
                    }
                }
                if ($script:begun -or $handler) { $good++ }
                if (-not $isRight -or @(Get-ExitHandler).Count -ne $before) {
                    "wrong: call $number, begun $($script:begun), exits $($script:exits) of $blocks, registered $(@(Get-ExitHandler).Count)"
                    $parameters.GetEnumerator() | ForEach-Object { "  -$($_.Key) $($_.Value)" }
                }
            }
            if ($good -lt $Calls / 10) { "only $good of $Calls calls were valid" }
            'end'
        }
        $run | Assert-Run -Output end -Within 60
    }
}
