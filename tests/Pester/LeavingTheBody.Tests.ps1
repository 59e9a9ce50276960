Describe 'return, break and continue in a body' -Tag Contract {
    . $PSScriptRoot/Harness/Use.ps1

    It 'return ends the body or the exit block, and not the caller; the returned value is output' -Tag B1 {
        $run = Start-Script {
            function Get-Value {
                Use-ExitHandler {
                    foreach ($number in 1..5) {
                        if ($number -eq 3) { return "number $number" }
                    }
                    Out-Line 'not reached'
                } -OnExit { Out-Line "exit: $($_.Reason) $($_.ExitCode)" }
                'function goes on'
            }

            Get-Value | ForEach-Object { Out-Line "got: $_" }
            Use-ExitHandler { return } -OnExit { 'exit block'; return; 'not reached' }, { 'second exit block' }
            'caller goes on'
        }
        $run | Assert-Run -Output 'got: number 3', 'exit: Completed 0', 'got: function goes on', 'exit block', 'second exit block', 'caller goes on'
    }

    It 'break: the exit block runs, then the caller''s loop ends, whatever kind of loop it is, through nested scopes too' -Tag B2 {
        $run = Start-Script {
            foreach ($i in 1..3) {
                Use-ExitHandler { if ($i -eq 2) { break } } -OnExit { "foreach ${i}: $($_.Reason)" }
                "rest of $i"
            }
            for ($i = 1; $i -le 3; $i++) {
                Use-ExitHandler { break } -OnExit { "for $i" }
                'not reached'
            }
            $i = 0
            while ($true) {
                $i++
                Use-ExitHandler { break } -OnExit { "while $i" }
                'not reached'
            }
            do {
                Use-ExitHandler {
                    Use-ExitHandler { break } -OnExit { 'do, inner exit block' } -Append
                    'not reached'
                } -OnExit { 'do, outer exit block' }
                'not reached either'
            } while ($true)
            switch (1, 2) {
                default { Use-ExitHandler { break } -OnExit { "switch $i" }; 'not reached' }
            }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'foreach 1: Completed', 'rest of 1', 'foreach 2: Completed', 'for 1', 'while 1', 'do, inner exit block', 'do, outer exit block', 'switch 1'
            'caller goes on'
        )
    }

    It 'continue: the exit block runs, then the caller''s loop goes on with its next turn; with a label, the loop of that name' -Tag B2 {
        $run = Start-Script {
            foreach ($i in 1..3) {
                Use-ExitHandler { if ($i -ne 2) { continue }; "body of $i ends" } -OnExit { "exit block $i" }
                "rest of $i"
            }
            switch (1, 2) {
                default { Use-ExitHandler { continue } -OnExit { 'switch' }; 'not reached' }
            }
            :outer foreach ($i in 1..3) {
                foreach ($j in 1..2) {
                    Use-ExitHandler { if ($i -eq 2) { continue outer } } -OnExit { "exit block $i $j" }
                    "rest of $i $j"
                }
            }
            $label = 'far'
            :far while ($true) {
                while ($true) {
                    Use-ExitHandler { break $label } -OnExit { 'break to a computed label' }
                    'not reached'
                }
                'not reached either'
            }
            'caller goes on'
        }
        $run | Assert-Run -Output @(
            'exit block 1', 'body of 2 ends', 'exit block 2', 'rest of 2', 'exit block 3', 'switch', 'switch'
            'exit block 1 1', 'rest of 1 1', 'exit block 1 2', 'rest of 1 2'
            'exit block 2 1'
            'exit block 3 1', 'rest of 3 1', 'exit block 3 2', 'rest of 3 2'
            'break to a computed label', 'caller goes on'
        )
    }

    It 'of a loop within the body they do not leave it; in an exit block they end that block only, and the caller''s loop is not affected' -Tag B2 {
        $run = Start-Script {
            foreach ($i in 1..2) {
                Use-ExitHandler {
                    foreach ($j in 1..5) { if ($j -eq 1) { continue }; break }
                    "body goes on with $j"
                } -OnExit { break; 'not reached' }, { continue; 'not reached' }, { "last exit block $i" }
                "rest of $i"
            }
        }
        $run | Assert-Run -Output 'body goes on with 2', 'last exit block 1', 'rest of 1', 'body goes on with 2', 'last exit block 2', 'rest of 2'
    }
}
