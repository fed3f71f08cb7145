"""Pseudonyms: direct identifiers as keyed hashes, and the key of each set of extracts, from making to destruction."""

import hashlib
import hmac
import os
import secrets
import shutil
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from risk.errors import RiskError

VARIABLE = "LARDER_KEY"
KEY_BYTES = 32
_OF = "# the key of the extracts "
_MAKE = "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'."


@dataclass(frozen=True)
class Key:
    """The secret of one set of extracts. It never prints, and two sets never share one.

    `secret` has 32 bytes or more; `source` says in words where it came from.
    """

    extracts: str
    source: str
    secret: bytes = field(repr=False, compare=False)

    def pseudonyms(self, kind: str, values: pd.Series) -> pd.Series:
        """Return the keyed hash of each value, missing where it is missing.

        HMAC-SHA-256 under a key of this set and kind alone, the first 128 bits as 32 hexadecimal digits: the same value
        of another kind, another agency's or another set's, has another hash, and without the key nobody can try values.
        """
        own = hmac.digest(self.secret, f"larder\x1f{self.extracts}\x1f{kind}".encode(), hashlib.sha256)
        number, known = pd.factorize(values)
        hashed = [
            hmac.digest(own, str(value).encode("utf-8"), hashlib.sha256).hex()[:32]
            for value in known.tolist()
        ]
        found = pd.array(hashed, dtype="string").take(number, allow_fill=True)
        return pd.Series(found, index=values.index, name=values.name)

    def seed(self) -> int:
        """Return a number for shuffling rows in an order that only the key tells."""
        return int.from_bytes(hmac.digest(self.secret, b"order", hashlib.sha256)[:8], "big")


def key_file_of(extracts: Path) -> Path:
    """Return where the key of a folder of extracts lies: beside the folder, never in it."""
    return extracts.with_name(f"{extracts.name}.key")


def read_key(extracts: Path, *, environment: Mapping[str, str], file: Path | None = None) -> Key:
    """Return the key of a folder of extracts.

    Looked for in this order: the variable LARDER_KEY_<NAME OF THE FOLDER>, the variable LARDER_KEY (the key of this set
    is then derived from it by the folder's name), `file`, and the file that `make_key` writes beside the folder.

    RiskError where there is none, it is too short, it is that of another set, or its file can be read by others than
    its owner.
    """
    name = extracts.name
    for variable in (f"{VARIABLE}_{_shouted(name)}", VARIABLE):
        if environment.get(variable, "").strip():
            return Key(name, f"the environment variable {variable}", _secret(environment[variable], variable))
    path = file or key_file_of(extracts)
    if not os.path.lexists(path):
        raise RiskError(
            f"There is no key for the extracts {name!r}: neither {VARIABLE} nor the file {path.name}.",
            f"{_MAKE} Set it as {VARIABLE}, or write it to {path.name} beside the extracts with mode 600.",
        )
    _check_private(path)
    secret, *rest = path.read_text("utf-8", "replace").splitlines() or [""]
    key = Key(name, f"the file {path.name}", _secret(secret, path.name))
    _check_own(path, name, rest)
    return key


def make_key(extracts: Path) -> Key:
    """Make a new key for a folder of extracts, in a file beside it that its owner alone can read.

    RiskError where there is one: a key is not replaced, it is purged.
    """
    path = key_file_of(extracts)
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise RiskError(f"{path.name} is there already.", "Use it, or purge it first.") from None
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(f"{secrets.token_hex(KEY_BYTES)}\n{_OF}{extracts.name}\n")
    return read_key(extracts, environment={})


def purge(extracts: Path, *, environment: Mapping[str, str], and_extracts: bool = False) -> list[str]:
    """Destroy the key of a folder of extracts, and the folder too where asked; return what was done, in words.

    Without its key no pseudonym of the set can be made again, so nothing can be linked back. A key from the environment
    is out of reach: the answer says so. The file is written over before it is removed; on disks that keep old blocks
    (most SSDs) only an encrypted disk makes that certain. RiskError where there is nothing to purge.
    """
    path = key_file_of(extracts)
    done = []
    if os.path.lexists(path):
        _overwrite(path)
        path.unlink()
        done.append(f"The key {path.name} is destroyed.")
    for variable in (f"{VARIABLE}_{_shouted(extracts.name)}", VARIABLE):
        if environment.get(variable, "").strip():
            done.append(f"{variable} is still set: remove it wherever it is kept.")
    if and_extracts and extracts.is_dir():
        shutil.rmtree(extracts)
        done.append(f"The extracts {extracts.name} are removed.")
    if not done:
        raise RiskError(f"There is no key for the extracts {extracts.name!r}.", "There is nothing to purge.")
    return done


def _shouted(name: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in name).upper()


def _secret(text: str, where: str) -> bytes:
    """Return the bytes of a key written as hexadecimal digits; the fault never tells them."""
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) < KEY_BYTES or len(set(secret)) < KEY_BYTES // 4:
        raise RiskError(f"{where} holds no key of {KEY_BYTES} random bytes in hexadecimal digits.", _MAKE)
    return secret


def _check_private(path: Path) -> None:
    """Raise RiskError unless the file is a plain one of this user's that nobody else can read or change."""
    told = path.lstat()
    if not stat.S_ISREG(told.st_mode):
        raise RiskError(f"{path.name} is not a plain file.", "A key is a file of its own, no link.")
    if told.st_uid != os.geteuid():
        raise RiskError(
            f"{path.name} belongs to another user.", "Have its owner run this, or make a key of yours."
        )
    if told.st_mode & 0o077:
        raise RiskError(
            f"{path.name} can be read or changed by others (mode {stat.S_IMODE(told.st_mode):o}).",
            f"Others may have copied it: purge it and make another; at the least, chmod 600 {path.name}.",
        )


def _check_own(path: Path, name: str, rest: Sequence[str]) -> None:
    """Raise RiskError where the file says, or its copy beside another set shows, that it is the key of another set.

    To purge a set is to destroy its key: that ends nothing while the same key lives on under another name.
    """
    named = next((line.removeprefix(_OF).strip() for line in rest if line.startswith(_OF)), name)
    others = [other for other in path.parent.glob("*.key") if other != path and other.is_file()]
    same = [other.stem for other in others if os.access(other, os.R_OK) and _same(other, path)]
    if named != name or same:
        raise RiskError(
            f"{path.name} is the key of another set of extracts: {named if named != name else same[0]}.",
            f"Each set has a key of its own: remove {path.name}, and make one for {name}. {_MAKE}",
        )


def _same(one: Path, other: Path) -> bool:
    first, second = (path.read_bytes().split()[:1] for path in (one, other))
    return first == second


def _overwrite(path: Path) -> None:
    if path.is_symlink() or not path.is_file():
        return
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(max(1, path.stat().st_size)))
        file.flush()
        os.fsync(file.fileno())
