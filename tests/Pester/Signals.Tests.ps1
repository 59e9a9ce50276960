Describe 'Signals' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'SIG<_> ends the body, runs the exit block once; the caller goes on' -Tag A2 -ForEach TERM, INT, HUP {
        $run = Start-Script { Use-ExitHandler { 'ready'; Wait-Forever; 'not reached' } -OnExit { "exit: $($_.Reason) $($_.Signal) $($_.ExitCode)" }; 'caller goes on' }
        $run | Wait-Line ready | Send-Signal $_
        $code = @{ TERM = 143; INT = 130; HUP = 129 }[$_]
        $run | Assert-Run -Output ready, "exit: Signal SIG$_ $code", 'caller goes on' -Status 0
    }
}
