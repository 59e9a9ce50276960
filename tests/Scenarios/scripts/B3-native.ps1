# Native commands in the body: their output and error output are part of the body's streams.
. "$PSScriptRoot/../prelude.ps1"

Use-ExitHandler { /bin/sh -c 'echo output'; /bin/sh -c 'echo error >&2; exit 3' } -OnExit { /bin/sh -c 'echo exit output' } 2>&1 |
    ForEach-Object { Out-Line "got $($_.GetType().Name): $_" }
Use-ExitHandler { 'piped' | /bin/cat } -OnExit { 'piped too' | /bin/cat }
Use-ExitHandler { /bin/echo 'shown' } -OnExit { /bin/echo 'shown too' }
