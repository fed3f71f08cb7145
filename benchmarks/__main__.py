"""Every measurement, one after the other: `python -m benchmarks`, or `make bench`.

The peers (esda compiled with numba, pygeoda) get an environment of their own, `.venv-peers`, made here the first time.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers"


def peers() -> Path:
    """Return the Python of the peers' environment, made if it is absent or was cut off."""
    python, ready = PEERS / "bin" / "python", PEERS / ".ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
        wanted = ROOT / "benchmarks" / "requirements.txt"
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(wanted)], check=True)
        ready.touch()
    return python


def main() -> None:
    """Run each measurement in a process of its own; a failure is said and the next one goes on."""
    runs = (
        ("benchmarks.hotspots", "--peers", str(peers())),
        ("benchmarks.whole_command",),
        ("benchmarks.power",),
        ("benchmarks.map_click",),
    )
    for module, *options in runs:
        print(f"\n== {module}", flush=True)
        subprocess.run([sys.executable, "-m", module, *options], cwd=ROOT, check=False)


if __name__ == "__main__":
    main()
