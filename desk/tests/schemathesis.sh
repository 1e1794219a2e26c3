#!/usr/bin/env bash
# Asks the API what its own description allows, and what it does not: schemathesis.sh PATH-OF-DATELINE [EXAMPLES]
# Ends non-zero on a server error, an answer or content type that the description does not name, a body that is not of
# its shape, or a method that is taken though none describes it. EXAMPLES (20) bounds the requests of an operation;
# the same ones are made each time. Installs schemathesis where it is missing; talks to this machine alone.
set -euo pipefail
program=$(realpath "$1")
examples=${2:-20}
here=$(cd "$(dirname "$0")" && pwd)
venv="${XDG_CACHE_HOME:-$HOME/.cache}/dateline/schemathesis"
if ! [ -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'schemathesis>=4,<5'
fi
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
"$program" add --ledger "$work/ledger.db" "$here/../../examples/september-2016.jsonl" >/dev/null
"$program" serve --ledger "$work/ledger.db" --listen 127.0.0.1:0 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    base=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/log" | head -1) && break
    sleep 0.1
done
cd "$work"
"$venv/bin/schemathesis" run "$base/api/v1/openapi.json" --url "$base/api/v1" --max-examples "$examples" --seed 1 \
    --generation-deterministic --phases examples,coverage,fuzzing --no-color \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,unsupported_method
# Nothing made it stop or answer with a fault of its own.
kill -0 "$server"
if grep -E ' 5[0-9][0-9] [0-9]+ ms$' "$work/log"; then
    echo "the log has faults" >&2
    exit 1
fi
