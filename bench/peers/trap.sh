# What one writes in bash: a trap runs at once only while the shell is in `wait`.
trap 'at=$EPOCHREALTIME; echo "first $at"; kill "$child"; exit 0' TERM
sleep 600 &
child=$!
echo ready
wait "$child"
