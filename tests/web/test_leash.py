"""What is on a leash ends with its starter, who cannot end it when killed outright."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.served import started
from web import leash
from web.listening import answers

Lead = Callable[[str], tuple[subprocess.Popen[str], str]]
SERVE = ("-m", "cli", "serve", "--port", "{port}")
MODULE = """
import os, signal, sys, time
if "deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), __name__, sys.argv[1], sys.stdin.read() == "", flush=True)
time.sleep(60)
"""


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def lead(tmp_path: Path) -> Lead:
    (tmp_path / "dog.py").write_text(MODULE)

    def start(word: str) -> tuple[subprocess.Popen[str], str]:
        dog = subprocess.Popen(
            leash.on_leash("dog", word), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        )  # fmt: skip
        assert dog.stdout is not None
        return dog, dog.stdout.readline()

    return start


def test_the_module_runs_as_itself_without_the_pipe(lead: Lead) -> None:
    dog, said = lead("listens")
    with dog:
        assert said == f"{dog.pid} __main__ listens True\n"
        dog.kill()


def test_it_ends_when_the_other_end_of_the_pipe_is_closed(lead: Lead) -> None:
    dog, _ = lead("listens")
    with dog:
        assert dog.poll() is None
        assert dog.stdin is not None
        dog.stdin.close()
        assert dog.wait(20) == -signal.SIGTERM


def test_one_that_does_not_listen_ends_all_the_same(tmp_path: Path) -> None:
    source = (
        "import os, signal, time; from web import leash; leash.PATIENCE_SECONDS = 0.2;"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); leash.run(['dog', 'deaf'])"
    )
    (tmp_path / "dog.py").write_text(MODULE)
    dog = subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
    )  # fmt: skip
    with dog:
        assert dog.stdin is not None
        assert dog.stdout is not None
        dog.stdout.readline()
        dog.stdin.close()
        assert dog.wait(20) == 1


def test_the_port_is_free_again_after_serve_was_killed_outright(larder_home: Path) -> None:
    with started(larder_home, SERVE) as (server, port):
        assert answers(port), (larder_home / "said.txt").read_text()
        try:
            server.kill()
            server.wait(20)
            assert within(20, lambda: not answers(port))
        finally:
            if answers(port):
                os.killpg(server.pid, signal.SIGKILL)
