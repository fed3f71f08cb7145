"""Stages: what a bake is doing now, and how long each step took and what it held at most."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

Say = Callable[[str], None]
_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def quiet(sentence: str) -> None:
    """Say nothing."""


@dataclass
class Stages:
    """The steps of one bake, in the order in which they ended.

    `done` has a row a step: `stage`, `seconds` and `peak_mb`, the most memory that this process held meanwhile (since
    its start, where the system cannot tell of a step alone).
    """

    say: Say = quiet
    done: list[dict[str, str | float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str, sentence: str) -> Iterator[None]:
        """Say a sentence, then measure what is done inside."""
        self.say(sentence)
        _reset_peak()
        start = time.perf_counter()
        yield
        seconds = round(time.perf_counter() - start, 2)
        self.done.append({"stage": name, "seconds": seconds, "peak_mb": round(_peak_mb())})

    def sentence(self) -> str:
        """Return the steps in one line, as *link 12.0 s, features 3.1 s*."""
        told = ", ".join(f"{row['stage']} {row['seconds']:.1f} s" for row in self.done)
        most = max((float(row["peak_mb"]) for row in self.done), default=0.0)
        return f"{told}; at most {most:,.0f} MB."


def _reset_peak() -> None:
    """Let the system count the peak anew; where it will not, the peak since the start is told."""
    try:
        _RESET.write_text("5", "ascii")
    except OSError:
        return


def _peak_mb() -> float:
    if _STATUS.is_file():
        lines = _STATUS.read_text("utf-8").splitlines()
        peaks = [float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")]
        if peaks:
            return peaks[0]
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
