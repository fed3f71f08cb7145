"""A real PostgreSQL server for the tests: made, started, killed and started again by them, never as root."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ACCOUNTS = ("postgres", "nobody")
_START_SECONDS = 60
_EMPTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)


def server_programs() -> Path | None:
    """Return the folder that holds `initdb` and `postgres`, or None where there is none.

    Debian keeps the server's programs off the path.
    """
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and on_path:
        found = [Path(on_path).resolve()]
    return found[-1].parent if found else None


class Server:
    """One server: `folder` holds its data and its socket, and is given to the account that runs it.

    `durable` waits for the disk as a real one does; without it what the tests throw away is made faster.
    """

    def __init__(self, programs: Path, folder: Path, *, durable: bool = False) -> None:
        self.programs, self.folder = programs, folder
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _account()
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)
        self._run(
            "initdb", "-D", "data", "-U", "larder", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        sync = "on" if self._durable else "off"
        options = ("-D", "data", "-k", str(self.folder), "-c", "listen_addresses=", "-c", f"fsync={sync}")
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._prefix(), self.programs / "postgres", *options],
                cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while self._psql("SELECT 1").returncode:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / "server.log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the server and all its helpers at once, as a power cut would."""
        if self._process is not None:
            children = (
                Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            )
            for pid in (self._process.pid, *map(int, children)):
                os.kill(pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def empty_database(self) -> str:
        """Empty the server's one database and return its address.

        A database a test would be cleaner, and is a thousand files that somebody has to make and delete.
        """
        for statement in _EMPTY:
            done = self._psql(statement)
            if done.returncode:
                raise RuntimeError(done.stderr.decode())
        return self.url

    @property
    def url(self) -> str:
        """Return the address of the server's database, as LARDER_DATABASE takes it."""
        return f"postgresql://larder@/postgres?host={self.folder}"

    def _psql(self, statement: str) -> "subprocess.CompletedProcess[bytes]":
        command = ["psql", "-h", str(self.folder), "-U", "larder", "-d", "postgres", "-qAtc", statement]
        return subprocess.run(command, capture_output=True, check=False)

    def _run(self, program: str, *options: str) -> None:
        command = [*self._prefix(), self.programs / program, *options]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def _prefix(self) -> list[str]:
        if self._account is None:
            return []
        return [
            "setpriv", f"--reuid={self._account.pw_uid}", f"--regid={self._account.pw_gid}", "--clear-groups",
        ]  # fmt: skip


@contextmanager
def running(programs: Path, *, durable: bool = False) -> Iterator[Server]:
    """Yield a server that runs, in a folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="larder-postgresql-"))
    server = Server(programs, folder, durable=durable)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)


def _account() -> pwd.struct_passwd | None:
    """Return the account that runs the server where the tests run as root, which PostgreSQL refuses."""
    if os.getuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return next(known[name] for name in _ACCOUNTS if name in known)
