# Sourced by the commands of this folder: sets $python to the distribution's Python, which it offers to install where it is missing.
# (Only what a POSIX shell must do itself is here; everything else is in tools/prepare, in Python's standard library.)

python=/usr/bin/python3

# The distribution's command that installs Python, or nothing on an unknown distribution.
python_command() {
    if command -v apt-get >/dev/null 2>&1; then
        echo "apt-get install --yes --no-install-recommends python3 python3-venv"
    elif command -v dnf >/dev/null 2>&1; then
        echo "dnf --assumeyes install python3"
    elif command -v pacman >/dev/null 2>&1; then
        echo "pacman --sync --refresh --needed --noconfirm python"
    fi
}

# Asks on the terminal unless --yes was given or there is no terminal to ask on; fails on a "no".
agree() {
    case " $* " in *" --no-install "*) return 1 ;; *" --yes "*) return 0 ;; esac
    [ -t 0 ] || return 0
    printf 'Install it now? [Y/n] ' >&2
    read -r answer
    case "$answer" in "" | [Yy]*) return 0 ;; *) return 1 ;; esac
}

need_python() {
    [ -x "$python" ] && return 0
    install=$(python_command)
    if [ -z "$install" ]; then
        echo "Hostelry needs Python 3.11 or newer as $python. Install it with your distribution's package manager and run this again." >&2
        exit 2
    fi
    echo "Python is not installed; Hostelry is written in it. The command is: $install" >&2
    agree "$@" || { echo "Nothing was installed. Install Python and run this again." >&2; exit 2; }
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then as_root="sudo"; fi
    case "$install" in
        apt-get*) $as_root apt-get -q -o DPkg::Lock::Timeout=600 update >&2 ;;
    esac
    # The words of $install are meant to be split: it is made above, of fixed words.
    $as_root env DEBIAN_FRONTEND=noninteractive $install >&2 || {
        echo "Python could not be installed. Check the network and the package sources, then run this again." >&2
        exit 1
    }
}
