#!/bin/sh
# Builds assets/built from its sources: models (TypeScript), light (Python, embree), binary and manifest.
# Needs `npm ci` in web/; makes its own Python environment. PYTHON names another interpreter.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
made="$root/.make/assets"
mkdir -p "$made" "$root/assets/built"
if [ -z "${ASSETS_PYTHON:-}" ]; then
  ASSETS_PYTHON="$made/venv/bin/python"
  if [ ! -x "$ASSETS_PYTHON" ]; then
    "${PYTHON:-python3}" -m venv "$made/venv"
    "$ASSETS_PYTHON" -m pip install --quiet --require-hashes -r "$root/requirements/assets.txt"
  fi
fi
"$root/web/node_modules/.bin/rolldown" "$root/assets/build.ts" --platform node --format esm --file "$made/build.mjs" --logLevel silent
node "$made/build.mjs" models "$made/bake"
"$ASSETS_PYTHON" "$root/assets/bake.py" "$made/bake"
node "$made/build.mjs" pack "$made/bake" "$root/assets"
