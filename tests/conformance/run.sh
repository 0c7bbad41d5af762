#!/bin/sh
# run.sh <build directory> [program [words]]: installs the pinned clients when they are not there yet, then runs run.mjs
# or the named program, whose path starts in this folder. Without node, npm or a network it says so and is no failure;
# a wrong lock file is one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-build}" && pwd)
program=${2:-run.mjs}
name=$(basename "$(cd "$here/$(dirname "$program")" && pwd)")

skip() {
  echo "$name: skipped, $1"
  exit 0
}

install_clients() {
  command -v npm >/dev/null 2>&1 || skip "npm is not installed"
  problem=$(npm ci --prefix "$here/.." --no-audit --no-fund --loglevel=error --fetch-retries=1 2>&1 >/dev/null) || {
    echo "$problem" | head -n 4
    echo "$problem" | grep -Eq 'ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|E40[13]|E50[0-9]' &&
      skip "the npm packages cannot be fetched"
    exit 1
  }
  touch "$installed"
}

command -v node >/dev/null 2>&1 || skip "node is not installed"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || skip "node $(node -v) is older than 20"
installed="$here/../node_modules/.package-lock.json"
if [ ! -e "$installed" ] || [ "$here/../package-lock.json" -nt "$installed" ]; then install_clients; fi
shift $(($# > 2 ? 2 : $#))
exec node "$here/$program" "$build" "$@"
