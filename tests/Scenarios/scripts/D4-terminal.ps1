# -ForwardSignal at a terminal: Ctrl+C reaches the native command from the terminal, and is not sent to it a second time.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler {
    # After its first SIGINT the command lives on for a moment, in which a second one would be counted.
    /bin/sh -c 'trap "echo INT >> $SCENARIO_TEMP/count.txt; counted=1" INT
        echo ready
        while [ -z "$counted" ]; do sleep 0.05; done
        for moment in 1 2 3 4 5 6 7 8; do sleep 0.05; done
        echo "child ends"
        exit 7'
    Out-Line 'not reached'
} -OnExit { Out-Line "exit block: $($_.Signal), the child's status: $LASTEXITCODE" } -ForwardSignal
Out-Line 'caller goes on'
