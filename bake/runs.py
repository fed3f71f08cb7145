"""Runs: published whole, never changed, listed newest first, read again."""

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import geopandas as gpd

from bake.columns import contracted
from bake.errors import BakeError
from geo.whole_folder import HALF, fill, half_folder, settle
from words.faults import Fault

AREAS, MANIFEST, RECORD = "areas.parquet", "run.json", "record.json"
COUNTS, OUTLOOK = "counts.parquet", "outlook.parquet"
"""What a run from records has beside them: larger areas as the gate told them, and what is expected of them."""
RELEASE, TOMBSTONE = ".release.json", ".withdrawn.json"
"""How the names of the files beside a run end that say it was released, or withdrawn."""
GUARD = "guard"
"""The folder beside `runs` in which what only the gate of later runs may read lies, by run."""
GUARDED = "guard"
"""The key of `run.json` that says which guard was written with the run: its digest."""
FROM_RECORDS = "from_records"
"""The key of `run.json` that says a run was made from records of persons."""
LATEST = "latest"
BAKE_ONE = "Bake one: `larder bake RECIPE --place NAME`."
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True)
class Run:
    """One published answer to one question of one place.

    `manifest` is `run.json` as read. The areas are read when asked for, so that a list of runs stays cheap.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """The run's id, which is also its folder's name."""
        return str(self.manifest["id"])

    @property
    def title(self) -> str:
        """The recipe's title."""
        return str(self.manifest["title"])

    @property
    def question(self) -> str:
        """The question, in plain words."""
        return str(self.manifest["question"])

    @property
    def recipe(self) -> str:
        """The recipe's id."""
        return str(self.manifest["recipe"]["id"])

    @property
    def place(self) -> str:
        """The place's name."""
        return str(self.manifest["place"]["name"])

    @property
    def baked_at(self) -> datetime:
        """When it was baked, in UTC."""
        return datetime.fromisoformat(self.manifest["baked_at"])

    def areas(self) -> gpd.GeoDataFrame:
        """Return the areas, indexed by code, in the place's metric CRS (columns: `bake.columns.COLUMNS`)."""
        return gpd.read_parquet(self.folder / AREAS).set_index("code")

    def record(self) -> dict[str, Any]:
        """Return the transparency record."""
        return _read_json(self.folder / RECORD)

    def as_dict(self) -> dict[str, Any]:
        """Return what a list of runs shows of this one."""
        return {
            "id": self.id,
            "title": self.title,
            "question": self.question,
            "recipe": self.recipe,
            "place": self.place,
            "level": self.manifest["level"],
            "baked_at": self.manifest["baked_at"],
            "counts": self.manifest["counts"],
            "folder": str(self.folder),
        }


def publish(
    home: Path,
    areas: gpd.GeoDataFrame,
    manifest: Mapping[str, Any],
    record: Mapping[str, Any],
    baked_at: datetime | None = None,
    *,
    files: Mapping[str, bytes] | None = None,
    guard: Path | None = None,
) -> Run:
    """Write a run whole, beside the others, and rename it into place.

    A process that is stopped on the way leaves the earlier runs as they were and nothing that a list shows.

    :param home: the folder that holds `runs`.
    :param areas: the columns of `bake.columns.COLUMNS`, in a metric CRS.
    :param manifest: `run.json` without `id` and `baked_at`; `recipe.id` and `place.name` make the id.
    :param record: `record.json`.
    :param baked_at: the moment, in UTC; now if it is not given.
    :param files: what else lies in the run's folder, by name.
    :param guard: the filled folder of the run's guard, which gets its lasting name before the run does: there is no
        moment at which the run is there and its guard is not.
    :returns: the run, as it was read back.
    :raises BakeError: the areas are not as agreed.
    """
    content = _parquet(contracted(areas))
    moment = (baked_at or datetime.now(UTC)).astimezone(UTC)
    with half_folder(home / "runs") as half:
        for attempt in range(65536):
            run_id = _run_id(manifest, moment, content, attempt)
            stamped = {"id": run_id, **manifest, "baked_at": moment.isoformat(timespec="microseconds")}
            target = home / "runs" / run_id
            if target.exists():
                continue
            whole = {**(files or {}), AREAS: content, MANIFEST: _json(stamped), RECORD: _json(record)}
            _clear(half)
            fill(half, whole)
            if _settle_both(half, target, guard, home / GUARD / run_id):
                return Run(target, _read_json(target / MANIFEST))
    raise BakeError("No free name was left for the run.", "Wait a second and bake again.")


def _settle_both(half: Path, target: Path, guard: Path | None, lasting: Path) -> bool:
    """Give a run its lasting name, and its guard before it; say whether both names were still free."""
    if guard is None:
        return settle(half, target)
    if not settle(guard, lasting):
        return False
    there = False
    try:
        there = settle(half, target)
    finally:
        if not there:  # no run, no guard
            lasting.rename(guard)
    return there


def list_runs(home: Path, place: str | None = None, recipe: str | None = None) -> list[Run]:
    """Return the published runs, newest first, of one place or one recipe if asked."""
    folder = home / "runs"
    whole = [path.parent for path in folder.glob(f"*/{MANIFEST}") if not path.parent.name.startswith(HALF)]
    runs = [Run(path, _read_json(path / MANIFEST)) for path in whole]
    runs = [run for run in runs if place in (None, run.place) and recipe in (None, run.recipe)]
    return sorted(runs, key=lambda run: (run.baked_at, run.id), reverse=True)


def read_run(home: Path, run_id: str, place: str | None = None) -> Run:
    """Return one run by its id, or the newest by the word `latest` (of one place if asked).

    :raises BakeError: no such run; the error names the nearest ids.
    """
    if run_id == LATEST:
        return _latest(home, place)
    folder = home / "runs" / run_id
    if _ID.fullmatch(run_id) and (folder / MANIFEST).is_file():
        return Run(folder, _read_json(folder / MANIFEST))
    known = [run.id for run in list_runs(home)]
    near = get_close_matches(run_id, known, n=3, cutoff=0.4) or known[:3]
    cure = f"Nearest: {', '.join(near)}." if near else f"Nothing has been baked yet. {BAKE_ONE}"
    raise BakeError([Fault("There is no run of this id.", cure, value=run_id)])


def _latest(home: Path, place: str | None) -> Run:
    runs = list_runs(home, place)
    if not runs:
        where = f"of the place {place!r} " if place else ""
        raise BakeError(f"No run {where}has been baked yet.", BAKE_ONE)
    return runs[0]


def _run_id(manifest: Mapping[str, Any], moment: datetime, content: bytes, attempt: int) -> str:
    digest = hashlib.sha256(content).digest()[:8]
    mark = hashlib.sha256(digest + str(attempt).encode()).hexdigest()[:4]
    return f"{manifest['recipe']['id']}-{manifest['place']['name']}-{moment:%Y%m%d-%H%M%S}-{mark}"


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _parquet(areas: gpd.GeoDataFrame) -> bytes:
    buffer = io.BytesIO()
    areas.to_parquet(buffer, index=False, compression="zstd", schema_version="1.1.0")
    return buffer.getvalue()


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
