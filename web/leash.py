"""A leash: run a module as `python -m` does, and end it when whoever started it is gone.

The starter holds the other end of the pipe that is our standard input. The system closes that end when the starter's
process ends, however that comes (`kill -9` too), on Linux and on macOS alike.
"""

import os
import runpy
import signal
import sys
import time
from collections.abc import Sequence
from threading import Thread

PATIENCE_SECONDS = 10.0


def on_leash(module: str, *words: str) -> list[str]:
    """Return the command that runs a module on a leash; start it with `stdin=subprocess.PIPE` and keep that open."""
    return [sys.executable, "-m", "web.leash", module, *words]


def run(words: Sequence[str]) -> None:
    """Run the module that the first word names with the others, until it ends or the starter does."""
    end = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # what the module starts itself does not get the pipe
    os.close(nothing)
    Thread(target=_end_with, args=(end,), daemon=True).start()
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def _end_with(end: int) -> None:
    """Wait until nobody holds the pipe's other end; then ask this process to stop, and insist when it does not."""
    while os.read(end, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    run(sys.argv[1:])
