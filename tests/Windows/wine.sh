#!/usr/bin/env bash
# Runs a Windows program under Wine, with the prefix and the .NET in out/windows: wine.sh program.exe arguments
# "wine.sh --make" only makes the prefix, Wine's own files, where there is none yet. It takes some twenty seconds.
set -eu -o pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/out/windows

export WINEPREFIX=$root/prefix WINEARCH=win64
# No menu entries, no offer to install a browser engine; nothing is printed but what the program prints.
export WINEDLLOVERRIDES='mshtml=;winemenubuilder.exe=' WINEDEBUG=-all
export DOTNET_ROOT=Z:${root//\//\\}\\dotnet
# Under Wine, .NET fails where memory is mapped twice.
export DOTNET_EnableWriteXorExecute=0
# Debian's Wine keeps its socket there: all programs are to find the same server.
unset TMPDIR XDG_RUNTIME_DIR
unset DISPLAY WAYLAND_DISPLAY

made=$WINEPREFIX/made
if [ ! -e "$made" ]; then
  (
    # One at a time. The lock is beside the prefix, which a failed attempt leaves half made.
    flock 9
    [ ! -e "$made" ] || exit 0
    rm -rf "$WINEPREFIX"
    timeout 300 wine wineboot.exe --init
    timeout 60 wine winecfg.exe -v win10
    timeout 60 wineserver --wait
    touch "$made"
  ) 9>"$root/prefix.lock" </dev/null >/dev/null 2>&1 || { echo "Wine could not make its files in $WINEPREFIX." >&2; exit 1; }
fi

[ "${1-}" != --make ] || exit 0
# The server outlives the program, so it must not have its output. Status 2: it runs already.
wineserver -p10 </dev/null >/dev/null 2>&1 || [ $? -eq 2 ]
exec wine "$@"
