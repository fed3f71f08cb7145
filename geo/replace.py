"""Replace files whole: written aside in the same folder, then renamed into place, none left half."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.errors import GeoError


@contextmanager
def aside(out: Path) -> Iterator[Path]:
    """Give an empty hidden folder beside `out`, gone again afterwards whatever happens.

    :raises GeoError: the folder of `out` does not exist, or nothing can be written there.
    """
    parent = out.parent
    if not parent.is_dir():
        raise GeoError(f"The folder {parent} does not exist.", "Make it first, or choose another --out.")
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".half", dir=parent))
    except OSError as error:
        cure = "Choose a folder that you may write in."
        raise GeoError(f"Nothing can be written in {parent}: {error.strerror}.", cure) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(
    folder: Path,
    files: Sequence[str],
    target: Path,
    stale: Sequence[Path] = (),
    *,
    fit_together: bool = False,
) -> list[Path]:
    """Move finished files out of `folder` into `target`, replacing all of their old selves or none.

    The first of `files` is the one that a program opens; it arrives last, over its old self. Where it opens
    only with its companions, the old one leaves before they change, so that a process that is killed on the
    way leaves nothing that opens as a mixture. An error on the way puts back what was there.

    :param files: names in `folder`, the main one first.
    :param stale: older companions (an index, say) that would no longer fit and leave with the old files.
    :param fit_together: whether the files are one thing, as those of a shapefile are.
    :returns: the files' new paths, in the order given.
    :raises GeoError: the system refuses; what was there before is there again.
    """
    old = folder / "old"
    old.mkdir()
    places = [target / name for name in files]
    leaving = [path for path in (*places[not fit_together :], *stale) if path.exists()]
    for name in files:
        _flush(folder / name)
    gone: list[Path] = []
    come: list[Path] = []
    try:
        for path in leaving:
            path.replace(old / path.name)
            gone.append(path)
        for place in reversed(places):
            (folder / place.name).replace(place)
            come.append(place)
    except OSError as error:
        for place in come:
            place.unlink(missing_ok=True)
        for path in reversed(gone):
            (old / path.name).replace(path)
        what = f"{places[0]} could not be replaced: {error.strerror}."
        raise GeoError(what, "Close it in other programs and try again; nothing has changed.") from error
    return places


def _flush(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
