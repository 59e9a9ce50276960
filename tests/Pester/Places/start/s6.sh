# s6: runs the command as a service of its own, in ./service. Ends with the supervisor.
. "${0%/*}/keep.sh"
mkdir service || exit 1
keep service/run "$@"
exec s6-supervise service
