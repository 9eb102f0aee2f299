#!/usr/bin/env bash
# Installs packages of Debian or Ubuntu, as root or with sudo; says what to install by hand where that cannot be.
set -euo pipefail

refuse() {
    echo "$*" >&2
    exit 1
}

command -v apt-get >/dev/null || refuse "Please install these first: $*"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || refuse "Please run as root: apt-get install $*"
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq || echo "apt-get update failed; trying with the lists at hand" >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
