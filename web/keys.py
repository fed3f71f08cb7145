"""The key that signs what a page hands out and takes back, and the numbers that are made with it."""

import hashlib
import hmac
import os
import secrets
import uuid
from functools import lru_cache
from pathlib import Path

from store.home import home
from words.faults import LarderError

FILE = "web.key"
SHORTEST = 32


class SecretError(LarderError):
    """The key cannot be used."""


def key() -> bytes:
    """Return `LARDER_SECRET`, or the key kept in the home, made at its first use for its owner alone.

    Several processes behind one address share a home or that variable.

    :raises SecretError: the variable is too short to keep anything safe.
    """
    given = os.environ.get("LARDER_SECRET", "")
    if not given:
        return _kept(home() / FILE)
    if len(given) < SHORTEST:
        raise SecretError("LARDER_SECRET is too short.", f"Give at least {SHORTEST} random characters.")
    return given.encode()


@lru_cache(maxsize=8)
def _kept(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Write a whole key beside its place and link it there: of two processes that start at once, one wins."""
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def mark(purpose: str, *parts: str) -> str:
    """Return a keyed digest of some texts for one purpose, as 64 hexadecimal digits."""
    said = "\x1f".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key(), said, hashlib.sha256).hexdigest()


def number(purpose: str, given: str) -> str:
    """Return the identifier (UUID) that stands for what a browser sent; nobody can work back from it.

    A form sent twice over a bad line carries the same text and so gets the same identifier.
    """
    return str(uuid.UUID(mark(purpose, given)[:32], version=4))
