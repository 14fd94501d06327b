#!/usr/bin/env bash
# The complete corresponding source of what guest/built holds, for a release:
# Debian's source packages as fetched, and this folder.
# usage: source-archive.sh WORK OUT.tar     WORK is the folder that build.sh fetched into
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(cd "$1" && pwd)
[ -e "$work/fetched/.done" ] || { echo "run build.sh $work first: it fetches the sources" >&2; exit 1; }
tar --sort=name --mtime=@1767225600 --owner=0 --group=0 --numeric-owner -cf "$2" \
  -C "$work" --exclude=.done fetched -C "$(dirname "$here")" guest NOTICE
sha256sum "$2"
