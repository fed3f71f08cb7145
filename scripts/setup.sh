#!/usr/bin/env bash
# Make the virtual environment and install one requirements file into it: setup.sh VENV REQUIREMENTS
set -euo pipefail
venv=$(pwd -P)/$1 requirements=$2

stop() { echo "larder: $1" >&2; exit 1; }

is_311() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || stop "PYTHON=$PYTHON was not found. Give the path of a Python 3.11."
        is_311 "$PYTHON" || stop "PYTHON=$PYTHON is not Python 3.11. Give the path of a Python 3.11."
        echo "$PYTHON"
        return
    fi
    for candidate in python3.11 python3 python; do
        if is_311 "$candidate"; then echo "$candidate"; return; fi
    done
    stop "Python 3.11 is missing. Install it (Debian: apt-get install python3.11 python3.11-venv) or say where it is: make run PYTHON=/path/to/python3.11"
}

# An environment's commands name the path at which it was made, its own record does so too.
is_made_here() { [ "$(sed -n 's/^command = .* -m venv //p' "$venv/pyvenv.cfg" 2>/dev/null)" = "$venv" ]; }

# One that cannot start its own pip was cut off while it was made, one made elsewhere was moved or copied: make it anew.
if ! { is_made_here && is_311 "$venv/bin/python" && "$venv/bin/python" -m pip --version; } >/dev/null 2>&1; then
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || stop "Python's venv module is missing (Debian: apt-get install python3.11-venv)."
    rm -rf "$venv"
    echo "Making the environment in $venv"
    "$python" -m venv "$venv"
fi
echo "Installing what $requirements names (the first time takes a minute or two)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
install -m 755 scripts/larder "$venv/bin/larder"
