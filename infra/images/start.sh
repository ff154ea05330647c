#!/bin/sh
# The image's entry: the command line of whiply in place of this shell, so that signals reach it. How the process of an app
# keeps memory stands in a file that the launcher reads too; what the container is given goes before it.
root=$(cd "$(dirname "$0")/../.." && pwd)
memory=$root/apps/whiply/memory/$1.env
flags=
if [ -f "$memory" ]; then
  while IFS='=' read -r name value; do
    case $name in
      '' | '#'*) ;;
      node) flags=$value ;;
      *) printenv "$name" >/dev/null || export "$name=$value" ;;
    esac
  done <"$memory"
fi
# shellcheck disable=SC2086 # several flags are several words
exec node $flags --disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning \
  "$root/apps/whiply/main.ts" "$@"
