#!/bin/bash
# Installs the drivers that drivers.server.test.ts runs into .sallyport/drivers, each only where its language is there.
# Nothing is done twice: a stamp says for which files it was done.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${1:-$here/../../../.sallyport/drivers}
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
pgjdbc=42.7.14

# needs NAME COMMAND…: true where every command is there and this folder is newer than the last time
needs() {
  local name=$1 command
  shift
  for command in "$@"; do
    command -v "$command" >/dev/null || { echo "drivers: no $command, so no $name"; return 1; }
  done
  local stamp
  stamp=$(cat "$here/install.sh" "$here/$name"/* "$here/$name"/*/* 2>/dev/null | sha256sum)
  [[ "$stamp" != "$(cat "$cache/$name.stamp" 2>/dev/null)" ]] && next="$stamp"
}
done_with() { echo "$next" >"$cache/$1.stamp"; }

if needs python python3; then
  # a Debian without python3-venv has python3 all the same
  if python3 -m venv "$cache/python" && "$cache/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/python/requirements.txt"; then
    done_with python
  else
    echo "drivers: python3 has no venv or pip, so no python"
    rm -rf "$cache/python"
  fi
fi
if needs go go; then
  (cd "$here/go" && go build -o "$cache/go-driver" .)
  done_with go
fi
if needs java javac mvn; then
  mkdir -p "$cache/java"
  mvn -q -B dependency:copy -Dartifact=org.postgresql:postgresql:$pgjdbc -DoutputDirectory="$cache/java"
  javac -cp "$cache/java/postgresql-$pgjdbc.jar" -d "$cache/java" "$here/java/Driver.java"
  done_with java
fi
if needs rust cargo; then
  (cd "$here/rust" && CARGO_TARGET_DIR="$cache/rust" cargo build --quiet --release --locked)
  done_with rust
fi
