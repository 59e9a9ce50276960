# Dot-sourced by the others. A program that starts a command with an environment or a directory of its own gets a script
# instead, which runs the command as the test has asked for.

# keep FILE COMMAND [ARGUMENTS]. None may have a single quote in it. The script adds its own arguments.
keep() {
  keep_file=$1
  shift
  {
    echo '#!/bin/sh'
    export -p
    printf "cd '%s' || exit 1\nexec" "$PWD"
    printf " '%s'" "$@"
    printf ' "$@"\n'
  } >"$keep_file"
  chmod +x "$keep_file"
}
