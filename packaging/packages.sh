# The Debian 12 packages that glosswire is built and tested with, and how to install them. To be sourced.
#
#     gw_install_packages BUILD_PACKAGES TEST_PACKAGES
#
# installs what is missing of the named lists, as root or through sudo, and does nothing when all of it is there.

BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config
    librdkafka-dev libzmq3-dev libmsgpack-dev libyaml-dev libxxhash-dev libutf8proc-dev libmicrohttpd-dev"
TEST_PACKAGES="libcmocka-dev libjansson-dev clang-14 libclang-rt-14-dev llvm-14 clang-format-14 clang-tidy-14 valgrind
    python3-venv default-jre-headless maven procps git"

gw_as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

gw_is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

gw_install_packages() {
    local list package missing=""
    for list in "$@"; do
        for package in ${!list}; do
            gw_is_installed "$package" || missing="$missing $package"
        done
    done
    if [ -z "$missing" ]; then
        return 0
    fi
    if ! command -v apt-get >/dev/null; then
        echo "apt-get is not here; install what these Debian packages hold:$missing" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        echo "neither root nor sudo; as root: apt-get install$missing" >&2
        return 1
    fi
    echo "installing:$missing"
    gw_as_root apt-get update -q </dev/null || return
    # shellcheck disable=SC2086  # a list of words
    gw_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing </dev/null
}
