# trap EXIT; a trap on a signal is what makes bash run it on that signal's way out.
clean_up() { echo clean-up; sleep 0.3; echo 'cleaned up'; }
trap clean_up EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP

case $1 in
  end) ;;
  error) set -e; false ;;
  exit) exit 4 ;;
  sleep) echo ready; while true; do sleep 1 & wait $!; done ;;
  # A command in the foreground.
  blocked) echo ready; sleep 30 ;;
  crash) kill -SEGV $$ ;;
esac
echo 'caller goes on'
