#!/usr/bin/env bash
# Walks through the desk in Debian's Chromium: run.sh PATH-OF-DATELINE [FOLDER-FOR-SCREENSHOTS]
# Installs the browser and its driver where they are missing. Ends non-zero when anything is not as it should be.
set -euo pipefail
program=$(realpath "$1")
shots=$(realpath -m "${2:-${TMPDIR:-/tmp}/dateline-desk-screenshots}")
cd "$(dirname "$0")"
if ! command -v chromium >/dev/null; then
    apt-get update -q && apt-get install -qy --no-install-recommends chromium fonts-dejavu-core
fi
work="${XDG_CACHE_HOME:-$HOME/.cache}/dateline/browser"
mkdir -p "$work" "$shots"
cp package.json package-lock.json walk.mjs "$work"
cd "$work"
npm ci --silent --no-audit --no-fund
DATELINE="$program" SHOTS="$shots" EXAMPLES="$OLDPWD/../../examples" CHROMIUM="$(command -v chromium)" node walk.mjs
