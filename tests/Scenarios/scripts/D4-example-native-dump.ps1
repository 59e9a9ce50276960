# The example native-dump.ps1 with a stand-in for pg_dump.
param([string] $How)
. "$PSScriptRoot/../prelude.ps1"

$text = switch ($How) {
    'whole' { 'echo "a whole dump"' }
    'failed' { 'echo "half a dump"; exit 4' }
    'slow' {
        # It tells past its redirected output that it is at work.
        'trap "kill \$sleeper; exit 3" TERM
        echo "half a dump"
        sleep 100 &
        sleeper=$!
        echo ready > /proc/$PPID/fd/1
        wait $sleeper'
    }
}
& "$PSScriptRoot/../../../examples/native-dump.ps1" -Target shop.sql -Command /bin/sh, '-c', $text
exit $LASTEXITCODE
