#!/bin/sh
# Proves each export by a reader that is not ours: makes a ledger of examples/september-2016.jsonl, exports every format and
# has it read by pandas, openpyxl, geojson, icalendar, jsonschema, pyld, libhxl, pyarrow and duckdb.
#
#   export/tests/readers.sh [PATH OF dateline]      default: target/debug/dateline, then target/release/dateline
#
# The readers live in a virtual environment of their own in the cache folder; the first run installs them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dateline=${1:-}
for candidate in "$root/target/debug/dateline" "$root/target/release/dateline"; do
    if [ -z "$dateline" ] && [ -x "$candidate" ]; then dateline=$candidate; fi
done
if [ -z "$dateline" ]; then
    echo "readers.sh: no dateline program (build it with: cargo build -p dateline, or name one)" >&2
    exit 2
fi
venv=${XDG_CACHE_HOME:-$HOME/.cache}/dateline/readers-venv
stamp=$venv/installed.txt
if ! cmp -s "$here/readers.txt" "$stamp" 2>/dev/null; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" --quiet --disable-pip-version-check install -r "$here/readers.txt"
    cp "$here/readers.txt" "$stamp"
fi
exec "$venv/bin/python" "$here/readers.py" "$dateline" "$root"
