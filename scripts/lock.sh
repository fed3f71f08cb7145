#!/usr/bin/env bash
# Rewrite constraints.txt from a clean install of the pinned requirements.
set -euo pipefail
clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
"${PYTHON:-python3}" -m venv "$clean"
"$clean/bin/pip" install --quiet $(grep -hv '^[#-]' requirements.txt requirements-dev.txt)
{
    echo "# Every package of a clean install on Python 3.11, held where it was when the tests last passed."
    echo "# Made again by: make lock"
    "$clean/bin/pip" freeze 
} > constraints.txt.new
mv constraints.txt.new constraints.txt
