# systemd: boots it as process 1 of namespaces of its own, with one service. Ends, with all that it has started, on SIGTERM.
# What the service writes goes to the file "output". Needs root: the cgroup, and the mounts, which are seen by this systemd alone.
#   systemd.sh UNIT COMMAND…: a file, whose /usr/bin/pwsh and /opt/report are replaced; or lines for [Service] besides ExecStart.
#   systemd.sh --try: prints "yes" if it can be booted here, else why not.
try=false
[ "$1" != --try ] || { try=true; exec 2>&1; }

if [ -z "${cgroup-}" ]; then
  exec env cgroup="gx-$$" unshare --mount sh "$0" "$@"
fi

# A mount of one's own: where the machine has it, it may be read-only, or one of several.
mkdir cgroups && mount -t cgroup2 none cgroups && mkdir "cgroups/$cgroup" || exit 1
remove_cgroup() {
  find "cgroups/$cgroup" -depth -type d -exec rmdir {} +
}

if $try; then
  sh -c "ls /lib/systemd/systemd >/dev/null && echo 0 >cgroups/$cgroup/cgroup.procs && exec unshare --mount --pid --fork --cgroup --uts --ipc --mount-proc echo yes"
  remove_cgroup
  exit
fi

unit=$1
shift
. "${0%/*}/keep.sh"
keep run "$@"
keep pwsh "$1"
mkdir units units/service.d units/timer.d generators
if [ -f "$unit" ]; then
  name=${unit##*/}
  sed -e "s|/usr/bin/pwsh|$PWD/pwsh|" -e "s|/opt/report|${unit%/*}|" "$unit" >"units/$name"
  cp "${unit%.service}.timer" units/
else
  name=work.service
  printf '[Service]\nExecStart=%s/run\n%s\n' "$PWD" "$unit" >"units/$name"
fi
printf '[Unit]\nDefaultDependencies=no\n' | tee units/timer.d/test.conf >units/service.d/test.conf
printf '[Service]\nStandardOutput=append:%s/output\n' "$PWD" >>units/service.d/test.conf
printf '[Unit]\nDefaultDependencies=no\nWants=%s\n' "$name" >units/test.target

# /etc: at its first start systemd writes there.
(
  echo 0 >"cgroups/$cgroup/cgroup.procs" && exec unshare --mount --pid --kill-child --fork --cgroup --uts --ipc --mount-proc sh -c '
    exec 2>&3 3>&-
    umount --recursive /sys/fs/cgroup
    mkdir -p /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup &&
      mount -t tmpfs run /run && mount -t tmpfs lib /var/lib && mount --bind /etc /etc && mount -o remount,ro,bind /etc || exit 1
    exec env -i container=test PATH="$PATH" SYSTEMD_UNIT_PATH="$PWD/units" SYSTEMD_GENERATOR_PATH="$PWD/generators" \
      /lib/systemd/systemd --system --unit=test.target --log-target=console --log-level=err --show-status=no --crash-reboot=no' 3>&2 2>unshare.log
) &
# unshare, which has something of its own to say on an end by a signal, ends when all that is in its namespaces has.
trap 'kill -KILL $(cat "/proc/$!/task/$!/children")' TERM
wait $!
trap '' TERM
wait $! 2>/dev/null
remove_cgroup
