Describe 'Arguments of Use-ExitHandler that are refused before anything runs' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    BeforeDiscovery {
        $refused = @(
            @{ Given = 'SIGKILL' }, @{ Given = 'kill' }, @{ Given = 9 }, @{ Given = 'SIGSTOP' }, @{ Given = 19; Linux = $true }
            @{ Given = 'SIGFOO' }, @{ Given = 0 }, @{ Given = -1 }, @{ Given = 999 }, @{ Given = 'CHLD' }
            @{ Given = 'TERM', 'INT', 'KILL' }, @{ Given = 'TERM', 'nonsense' }, @{ Given = 15, 19; Linux = $true }
        )
        $types = @(
            @{ Name = 'null'; Value = { $null }; ErrorId = 'ParameterArgumentValidationError InvalidData' }
            @{ Name = 'a function that does not exist'; Value = { $function:NoSuchFunction }; ErrorId = 'ParameterArgumentValidationError InvalidData' }
            @{ Name = 'text'; Value = { 'text' }; ErrorId = 'CannotConvertArgumentNoMessage InvalidArgument' }
            @{ Name = 'a number'; Value = { 5 }; ErrorId = 'CannotConvertArgumentNoMessage InvalidArgument' }
        )
    }

    # That nothing is registered is seen from SIGTERM's default effect.
    It '-Signal <Given>: the error names it and what is allowed; nothing runs, nothing is registered' -Tag C12 -ForEach $refused {
        Skip-Unless -Linux:([bool] $_['Linux'])
        $run = Start-Script {
            $given = $using:Given
            try { Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal $given }
            catch {
                "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)"
                "names what is allowed: $($_.Exception.Message -match 'SIGTERM.*SIGINT.*SIGHUP')"
                "names what was given: $($_.Exception.Message -match "'$(@($given)[-1])'")"
            }
            'ready'
            Wait-Forever
        }
        $run | Wait-Line ready | Send-Signal TERM
        $run | Assert-Run -Output @(
            'ParameterArgumentTransformationError InvalidData', 'names what is allowed: True', 'names what was given: True', 'ready'
        ) -Status TERM
    }

    It '-Signal: the message that a user sees' -Tag C12 {
        $run = Start-Script {
            Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal SIGTERM, SIGKILL
            'caller goes on'
            Use-ExitHandler { 'not reached' } -OnExit { 'not reached either' } -Signal SIGFOO
            'caller goes on'
        }
        $run | Assert-Run -Output 'caller goes on', 'caller goes on' -ErrorMatch "'SIGKILL'", 'SIGTERM, SIGINT, SIGHUP', "'SIGFOO'", 'SIGTERM, SIGINT, SIGHUP'
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

    It '-ScriptBlock: none' -Tag C12 {
        $run = Start-Script {
            try { Use-ExitHandler -OnExit { 'not reached' } }
            catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
        }
        $run | Assert-Run -Output 'MissingMandatoryParameter InvalidArgument'
    }

    It '-ScriptBlock: <Name>; the exit block does not run' -Tag C12 -ForEach $types {
        $run = Start-Script {
            try { Use-ExitHandler (. $using:Value) -OnExit { 'not reached' } }
            catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
        }
        $run | Assert-Run -Output $ErrorId
    }

    It '-OnExit: <Name>, <How>; the body does not run' -Tag C12 -ForEach @(
        foreach ($type in $types) {
            $type + @{ How = 'alone' }
            $type + @{ How = 'amid others' }
        }
    ) {
        $run = Start-Script {
            $onExit = if ($using:How -eq 'alone') { . $using:Value } else { { 'not reached either' }, (. $using:Value), { 'not reached either' } }
            try { Use-ExitHandler { 'not reached' } -OnExit $onExit }
            catch { "$($_.FullyQualifiedErrorId -replace ',.*') $($_.CategoryInfo.Category)" }
        }
        $run | Assert-Run -Output $ErrorId
    }

    It '-OnExit: an empty list is allowed, and means none' -Tag C12 {
        $run = Start-Script { Use-ExitHandler { 'body' } -OnExit @() }
        $run | Assert-Run -Output 'body'
    }

    It 'a function that does not exist: the message names the parameter and explains the mistake' -Tag C12 {
        $run = Start-Script {
            Use-ExitHandler $function:NoSuchFunction -OnExit { 'not reached' }
            'caller goes on'
            Use-ExitHandler { 'not reached' } -OnExit $function:NoSuchFunction
            'caller goes on'
        }
        $run | Assert-Run -Output 'caller goes on', 'caller goes on' -ErrorMatch @(
            "'ScriptBlock'", 'If you wrote \$function:name', "'OnExit'", 'If you wrote \$function:name'
        )
    }
}
