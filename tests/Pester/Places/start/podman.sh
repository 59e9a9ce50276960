# podman: runs the command as a container's process 1, or with --init as its child. This process becomes "podman run". "./podman"
# is podman as the test has it, in the mount namespace of this process: "./podman stop test". Needs root: the mounts are seen by
# this podman alone. The container has the machine's files, no network and no cgroup of its own, as podman has it in a container.
#   podman.sh OPTION… -- COMMAND…
if [ -z "${namespace-}" ]; then
  exec env namespace=own unshare --mount sh "$0" "$@"
fi
options=
while [ "$1" != -- ]; do
  options="$options $1"
  shift
done
shift
. "${0%/*}/keep.sh"
keep run "$@"
keep podman podman --root "$PWD/containers" --runroot "$PWD/podman-run" --tmpdir "$PWD/podman-tmp" --storage-driver vfs --cgroup-manager cgroupfs \
  --events-backend none --log-level error
umount --recursive /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && mount -t tmpfs run /run || exit 1

mkdir rootfs
for entry in /*; do
  case $entry in
  /proc | /sys | /dev | /run) continue ;;
  esac
  if [ -L "$entry" ]; then
    cp --no-dereference "$entry" rootfs/
  elif [ "$entry" = /etc ]; then
    options="$options --volume /etc:/etc:ro"
  elif [ -d "$entry" ]; then
    options="$options --volume $entry:$entry"
  fi
done
# shellcheck disable=SC2086 # No path here has a space.
exec ./podman run --rm --name test --network none --cgroups disabled --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 $options \
  --rootfs "$PWD/rootfs" "$PWD/run"
