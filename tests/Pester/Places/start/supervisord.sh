# supervisord: runs the command as the program "worker". supervisorctl -c supervisord.conf talks to it.
. "${0%/*}/keep.sh"
keep run "$@"
cat >supervisord.conf <<END
[supervisord]
nodaemon = true
logfile = $PWD/supervisord.log
pidfile = $PWD/supervisord.pid
childlogdir = $PWD

[unix_http_server]
file = $PWD/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://$PWD/supervisor.sock

[program:worker]
command = $PWD/run
startsecs = 0
autorestart = unexpected
stopwaitsecs = 20
stdout_logfile = /dev/stdout
stdout_logfile_maxbytes = 0
redirect_stderr = true
END
exec supervisord --silent --configuration supervisord.conf --user "$(id -un)"
