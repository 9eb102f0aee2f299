#!/usr/bin/env bash
# Puts Chromium, Node.js and the two npm packages of the browser tests in place: browser_tools.sh FOLDER
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-liberation)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if [ "${#missing[@]}" -gt 0 ]; then
    "$here/apt_install.sh" "${missing[@]}"
fi
mkdir -p "$1"
cp "$here/../tests/browser/package.json" "$here/../tests/browser/package-lock.json" "$1"
cd "$1"
npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
