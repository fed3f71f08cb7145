"""Limits: what an import opens at all - plain files of a sane size, archives that do not swell."""

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.errors import AssetError
from assets.importers.table import refusal

LARGEST_CSV = 50_000_000
LARGEST_JSON = 100_000_000
LARGEST_WORKBOOK = 30_000_000
LARGEST_GEO = 500_000_000
LARGEST_UNPACKED = 1_000_000_000
LARGEST_SHEETS = 100_000_000
MOST_ROWS = 250_000
MOST_TIMES = 150
"""How many times larger than its packed form a member may be: text and XML pack 5 to 40 times, a bomb 1,000."""
_CHUNK = 1 << 20
# what GDAL takes for a network or an archive, and any scheme of two letters or more (C:/ is a disk)
_ELSEWHERE = re.compile(r"[/\\]+vsi\w*[/\\]|[a-z][a-z0-9+.-]+:[/\\]", re.IGNORECASE)


def checked_file(path: Path, largest: int) -> Path:
    """Return the path of a plain file that is there, can be read and is not too large.

    Raises AssetError for a path that a geographic library would take for the network or an archive
    (`/vsicurl/…`), a folder, a device, or a file of more than `largest` bytes.
    """
    name = path.name or str(path)
    if _ELSEWHERE.match(str(path)):
        cure = "Download it first, and give the path of the file."
        raise refusal(name, "An import reads a plain file on this machine, nothing else.", cure)
    try:
        if path.exists() and not path.is_file():
            raise refusal(name, "The file cannot be read: it is not a plain file.", "Check its path.")
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its path is not one"
        raise refusal(name, f"The file cannot be read: {why}.", "Check its path.") from error
    if size > largest:
        cure = f"Split it into files of less than {largest // 1_000_000} MB."
        raise refusal(name, "The file is too large.", cure)
    if size == 0:
        raise refusal(name, "The file is empty.", "Download it again.")
    return path


def at_most_rows(file: str, rows: int) -> None:
    """Refuse a file of more rows than an import takes at once."""
    if rows > MOST_ROWS:
        raise refusal(file, f"It has {rows:,} rows.", f"Split it into files of at most {MOST_ROWS:,} rows.")


def check_archive(path: Path, largest: int) -> list[zipfile.ZipInfo]:
    """Return the members of a zip, none of which is encrypted, a way out of its folder, or a bomb.

    The sizes are those that the zip declares: who unpacks counts again. Raises AssetError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refusal(path.name, "This is not a sound zip or workbook.", "Save it again.") from error
    total = sum(member.file_size for member in members)
    if len(members) > 10_000 or total > largest:
        what = f"Unpacked it would take {total // 1_000_000:,} MB in {len(members):,} files."
        raise refusal(path.name, what, f"Give at most {largest // 1_000_000} MB.")
    for member in members:
        if member.flag_bits & 1:
            raise refusal(path.name, "It is protected with a password.", "Save it without one.")
        if member.file_size > 1_000_000 and member.file_size > MOST_TIMES * max(member.compress_size, 1):
            what = (
                f"{member.filename} would swell to {member.file_size // max(member.compress_size, 1)} times."
            )
            raise refusal(path.name, what, "That is how archives meant to break a program look: not opened.")
    return members


@contextmanager
def unpacked(path: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the one file of the endings that a zip holds, unpacked where nobody else looks, for a while.

    Raises AssetError where it holds none, several, another zip, or more than it says.
    """
    members = check_archive(path, LARGEST_UNPACKED)
    wanted = [member for member in members if member.filename.lower().endswith(endings)]
    if len(wanted) != 1:
        names = ", ".join(member.filename for member in wanted[:10]) or "none"
        cure = f"Put one file into it that ends in {', '.join(endings)}."
        raise refusal(path.name, f"An archive must hold one file to import; this has {names}.", cure)
    with tempfile.TemporaryDirectory(prefix="larder-") as folder:
        target = Path(folder) / Path(wanted[0].filename).name
        _unpack(path, wanted[0], target)
        yield target


def _unpack(path: Path, member: zipfile.ZipInfo, target: Path) -> None:
    written = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as source, target.open("wb") as out:
            while chunk := source.read(_CHUNK):
                written += len(chunk)
                if written > member.file_size:
                    raise AssetError(f"{path.name}: {member.filename} is larger than it says.", "Not opened.")
                out.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise refusal(path.name, f"{member.filename} cannot be unpacked.", "Make the zip again.") from error
