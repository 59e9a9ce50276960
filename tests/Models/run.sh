#!/usr/bin/env bash
# Verifies the models with spin: each as it is, which must hold in all its states, and each with every defect that it names in an
# "#ifdef", in which spin must find an error. One line for each; the last line is the sum. Leaves "passed failed skipped" in the file
# that is named, if one is. Needs spin and gcc.
set -u -o pipefail
# With --list only names what it would verify.
models=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
counts=$(realpath -m "${1:-/dev/null}")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# verify MODEL [DEFECT]: the whole search, or the search until an error
verify() {
  local name=$1${2:+ with $2} at="$work/$1-${2:-}" output errors states
  mkdir "$at" && cd "$at" || exit 1
  if ! spin -a ${2:+-D"$2"} "$models/$1.pml" >log 2>&1 || ! gcc -O0 -w -DSAFETY -DCOLLAPSE -DNOFAIR -DMEMLIM=1000 -o pan pan.c >>log 2>&1; then
    cat log
    echo "FAILED: $name can't be made"
    failed=$((failed + 1))
    return
  fi

  # The status of pan is 0 even if it finds an error.
  output=$(timeout "$limit" ./pan -m100000 -w22)
  errors=$(sed -n 's/.*errors: \([0-9]*\)$/\1/p' <<<"$output")
  states=$(sed -n 's/^ *\([0-9]*\) states, stored$/\1/p' <<<"$output")
  if [ -z "$errors" ] || { [ "$errors" -eq 0 ] && grep -q 'not completed\|depth too small' <<<"$output"; }; then
    tail -n 5 <<<"$output"
    echo "FAILED: $name: not searched to the end in $limit s"
    failed=$((failed + 1))
  elif [ "$errors" -eq 0 ] && [ -z "${2:-}" ]; then
    echo "$name holds: $states states"
    passed=$((passed + 1))
  elif [ "$errors" -gt 0 ] && [ -n "${2:-}" ]; then
    echo "$name fails, as it should: $(sed -n 's/^pan:[0-9]*: \(.*\) (at depth.*/\1/p' <<<"$output")"
    passed=$((passed + 1))
  else
    [ "$errors" -eq 0 ] || spin -t "$models/$1.pml" -p -g ${2:+-D"$2"} 2>/dev/null | tail -n 60
    [ "$errors" -eq 0 ] || echo "$output" | grep -m 1 '^pan:'
    echo "FAILED: $name: $errors errors"
    failed=$((failed + 1))
  fi
}

# It takes some 5 s of processor time for a whole search: this is for a busy machine.
limit=120
each() {
  local file model defect
  for file in "$models"/*.pml; do
    model=$(basename "$file" .pml)
    "$1" "$model"
    for defect in $(grep -oE '^#(ifn?def|elif defined\() *[A-Z_]+' "$file" | grep -oE '[A-Z_]+$' | sort -u); do
      "$1" "$model" "$defect"
    done
  done
}

if [ "${1:-}" = --list ]; then
  each echo
  exit
fi

each verify

echo "$passed $failed 0" >"$counts"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
