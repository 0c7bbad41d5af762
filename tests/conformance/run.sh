#!/bin/sh
# run.sh <build directory>: installs the pinned clients once, then runs the conformance tests. Without npm, or without a
# network for the first time, it says so and is no failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-build}" && pwd)
skip() {
  echo "conformance: skipped, $1"
  exit 0
}

command -v node >/dev/null 2>&1 || skip "node is not installed"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip "node $(node -v) is older than 20"
installed="$here/../node_modules/.package-lock.json"
if [ ! -e "$installed" ] || [ "$here/../package-lock.json" -nt "$installed" ]; then
  command -v npm >/dev/null 2>&1 || skip "npm is not installed"
  log=$(mktemp)
  npm ci --prefix "$here/.." --no-audit --no-fund --loglevel=error >"$log" 2>&1 || {
    tail -n 3 "$log"
    rm -f "$log"
    skip "the npm packages could not be installed"
  }
  rm -f "$log"
  touch "$installed"
fi
exec node "$here/run.mjs" "$build"
