# sshd: on the loopback address, with keys and a configuration of its own, for the user who runs the tests. Writes the port into
# the file "port". This process becomes sshd. Needs root: /run with sshd's empty directory is seen by this sshd alone.
#   sshd.sh PORT SHELL: "run" is a script that starts the shell with this environment, and the subsystem for remoting.
. "${0%/*}/keep.sh"
port=$1
shift
keep run "$@"
ssh-keygen -q -t ed25519 -N '' -f hostkey && ssh-keygen -q -t ed25519 -N '' -f key || exit 1
cat >sshd_config <<END
ListenAddress 127.0.0.1:$port
HostKey $PWD/hostkey
AuthorizedKeysFile $PWD/key.pub
AuthenticationMethods publickey
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
PidFile none
PrintMotd no
PrintLastLog no
Subsystem powershell $PWD/run -sshs -NoLogo -NoProfile
END
cat >ssh_config <<END
Host test
HostName 127.0.0.1
Port $port
User $(id -un)
IdentityFile $PWD/key
IdentitiesOnly yes
IdentityAgent none
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
BatchMode yes
ConnectTimeout 10
END
exec unshare --mount sh -c 'mount -t tmpfs run /run && mount -t tmpfs log /var/log && mkdir -m 755 /run/sshd && echo listening && exec /usr/sbin/sshd -D -e -f sshd_config'
