Describe 'Arguments of Use-ExitHandler that are refused before anything runs' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    # That nothing is registered is seen from SIGTERM's default effect.
    It '-Signal: the error names what was given and what is allowed; nothing runs, nothing is registered' -Tag C12 {
        $refused = @(
            'SIGKILL', 'kill', 9, 'SIGSTOP', 'SIGFOO', 0, -1, 999, 'CHLD', ('TERM', 'INT', 'KILL'), ('TERM', 'nonsense')
            if ($IsLinux) { 19, (15, 19) } # SIGSTOP there
        )
        $run = Start-Script {
            foreach ($given in $using:refused) {
                try { Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal $given }
                catch {
                    "${given}: $($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category), " +
                    "what is allowed: $($_.Exception.Message -match 'SIGTERM.*SIGINT.*SIGHUP'), " +
                    "what was given: $($_.Exception.Message -match "'$(@($given)[-1])'")"
                }
            }
            'ready'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output @(
            foreach ($given in $refused) { "${given}: ParameterArgumentTransformationError InvalidData, what is allowed: True, what was given: True" }
            'ready'
        ) -Status TERM
    }

    It '-Signal: none at all' -Tag C12 {
        $run = Start-Script {
            foreach ($none in $null, @(), '') {
                try { Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal $none }
                catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
            }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'ParameterArgumentTransformationError InvalidData'
            'ParameterArgumentValidationError InvalidData'
            'ParameterArgumentTransformationError InvalidData'
            'caller goes on'
        )
    }

    It 'a block that is none, as -ScriptBlock, as -OnExit, and amid others: neither the body nor an exit block runs' -Tag C12 {
        $values = @(
            @{ Name = 'null'; Value = { $null }; ErrorId = 'ParameterArgumentValidationError InvalidData' }
            @{ Name = 'a function that does not exist'; Value = { $function:NoSuchFunction }; ErrorId = 'ParameterArgumentValidationError InvalidData' }
            @{ Name = 'text'; Value = { 'text' }; ErrorId = 'CannotConvertArgumentNoMessage InvalidArgument' }
            @{ Name = 'a number'; Value = { 5 }; ErrorId = 'CannotConvertArgumentNoMessage InvalidArgument' }
        )
        $run = Start-Script {
            function Show-Error($name, $call) {
                try { & $call } catch { "${name}: $($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
            }

            Show-Error 'no -ScriptBlock' { Use-ExitHandler -OnExit { 'not reached' } }
            foreach ($one in $using:values) {
                $value = . $one.Value
                Show-Error "-ScriptBlock, $($one.Name)" { Use-ExitHandler $value -OnExit { 'not reached' } }
                Show-Error "-OnExit, $($one.Name)" { Use-ExitHandler { 'not reached' } -OnExit $value }
                Show-Error "amid others, $($one.Name)" { Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' }, $value, { 'not reached either' } }
            }
            Use-ExitHandler { 'an empty list is allowed, and means none' } -OnExit @()
        }
        $run | Assert-Run -Output @(
            'no -ScriptBlock: MissingMandatoryParameter InvalidArgument'
            foreach ($one in $values) {
                foreach ($place in '-ScriptBlock', '-OnExit', 'amid others') { "$place, $($one.Name): $($one.ErrorId)" }
            }
            'an empty list is allowed, and means none'
        )
    }

    It '-ExitVariable: what can''t be written to or is no name; neither the body nor an exit block runs; +name adds' -Tag C12 {
        $run = Start-Script {
            Set-Variable fixed 1 -Option ReadOnly
            foreach ($name in 'PID', 'true', 'fixed', 'a:b', 'env:X', 'global:') {
                try { Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -ExitVariable $name }
                catch { "$name $($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
            }
            foreach ($number in 1..2) { Use-ExitHandler { } -ExitVariable +why }
            "$($why.Count) of $($why[0].GetType().Name); a variable of the name '+why': $(Test-Path Variable:+why)"
        }
        $run | Assert-Run -Output @(
            'PID', 'true', 'fixed', 'a:b', 'env:X', 'global:' | ForEach-Object { "$_ ExitVariableInvalid InvalidArgument" }
            '2 of ExitContext; a variable of the name ''+why'': False'
        )
    }

    It 'the messages that a user sees: of a signal, and of a function that does not exist' -Tag C12 {
        $run = Start-Script {
            Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal SIGTERM, SIGKILL
            'caller goes on'
            Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal SIGFOO
            'caller goes on'
            Use-ExitHandler $function:NoSuchFunction -OnExit { 'not reached' }
            'caller goes on'
            Use-ExitHandler { 'not reached' } -OnExit $function:NoSuchFunction
            'caller goes on'
        }
        $run | Assert-Run -Output (@('caller goes on') * 4) -ErrorMatch @(
            "'SIGKILL'", 'SIGTERM, SIGINT, SIGHUP', "'SIGFOO'", 'SIGTERM, SIGINT, SIGHUP'
            "'ScriptBlock'", 'If you wrote \$function:name', "'OnExit'", 'If you wrote \$function:name'
        )
    }
}
