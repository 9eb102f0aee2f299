# To be sourced: apt_install PACKAGE... installs packages of Debian or Ubuntu, or says which are wanted and leaves.
apt_install() {
    if ! command -v apt-get >/dev/null; then
        echo "Please install these first: $*" >&2
        exit 1
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Please run as root: apt-get install $*" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -qq || echo "apt-get update failed; trying with the lists at hand" >&2
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}
