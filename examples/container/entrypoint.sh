#!/bin/sh
# Process 1 of a container whose script uses -Guard. When process 1 ends, the kernel ends every other process of the container:
# this one stays until the guard has done its work, which an init program (docker run --init) does not.
#
#     ENTRYPOINT ["/app/entrypoint.sh", "pwsh", "-NoProfile", "-NonInteractive", "-File", "/app/worker.ps1"]

"$@" &
shell=$!
# docker stop sends SIGTERM to process 1 alone. Ctrl+C (docker run -it) does not reach what runs in the background, so it becomes
# SIGTERM.
trap 'kill -TERM "$shell" 2>/dev/null' TERM INT HUP

# A signal ends a wait early.
wait "$shell"
status=$?
while kill -0 "$shell" 2>/dev/null; do
  wait "$shell"
  status=$?
done

# Whatever else is there. A guard is gone as soon as the exit blocks have run.
while set -- /proc/[0-9]*; [ $# -gt 1 ]; do
  sleep 0.1
done
exit "$status"
