"""The shelf: released figures written to a folder and read again, whole and unchanged or not at all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.geography import Geography, Relation
from disclosure.policy import Policy
from disclosure.released import SEAL, Parts, Released

TABLES = ("figures", "parents", "denominators", "tells")
ABOUT = "released.json"


def write_released(released: Released, folder: Path) -> None:
    """Write released figures to a folder: four parquet tables and `released.json` with their digests.

    Only the figures and the lookup may be seen by others. The numbers of children by smallest area and cohort are
    exact and mostly under eight, and what predictions tell comes near the true counts (a bound may be one). The gate
    grants an attacker all of it, but it is not told: the folder is for the gate of later runs and its owner alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = (released.frame, released.geography.parents, released.geography.denominators, released.tells)
    for name, table in zip(TABLES, tables, strict=True):
        table.to_parquet(folder / f"{name}.parquet")
    about = {
        "kind": released.kind,
        "policy": asdict(released.policy),
        "windows": {name: list(window) for name, window in released.windows.items()},
        "surroundings": _lists(released.surroundings),
        "ways": {name: _lists(around) for name, around in released.ways.items()},
        "stand_ins": sorted(released.geography.stand_ins),
        "relations": [[list(one.more), list(one.less)] for one in released.geography.relations],
        "notes": list(released.notes),
        "sha256": {name: _digest(folder, name) for name in TABLES},
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=1), "utf-8")


def read_released(folder: Path) -> Released:
    """Return what `write_released` wrote.

    Raises `DisclosureError` when a part is missing or was changed since.
    """
    missing = [
        name for name in (ABOUT, *(f"{table}.parquet" for table in TABLES)) if not (folder / name).is_file()
    ]
    if missing:
        raise DisclosureError(f"Released figures lack {', '.join(missing)}.", "Release them again.")
    about = json.loads((folder / ABOUT).read_text("utf-8"))
    changed = [name for name in TABLES if _digest(folder, name) != about["sha256"][name]]
    if changed:
        raise DisclosureError(
            f"Released figures were changed since: {', '.join(changed)}.", "Release them again."
        )
    figures, parents, denominators, tells = (pd.read_parquet(folder / f"{name}.parquet") for name in TABLES)
    rules: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in about["policy"].items()
    }
    policy = Policy(**rules)
    windows = {name: tuple(window) for name, window in about["windows"].items()}
    parts = Parts(
        about["kind"],
        figures,
        policy,
        _geography(parents, denominators, about),
        windows,
        _tuples(about["surroundings"]),
        tuple(about["notes"]),
        {name: _tuples(around) for name, around in about["ways"].items()},
        tells,
    )
    return Released(SEAL, parts)


def _geography(parents: pd.DataFrame, denominators: pd.DataFrame, about: Mapping[str, Any]) -> Geography:
    relations = tuple(Relation(tuple(more), tuple(less)) for more, less in about["relations"])
    return Geography(parents, denominators, frozenset(about["stand_ins"]), relations)


def _lists(around: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {code: list(codes) for code, codes in around.items()}


def _tuples(around: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(codes) for code, codes in around.items()}


def _digest(folder: Path, name: str) -> str:
    return hashlib.sha256((folder / f"{name}.parquet").read_bytes()).hexdigest()
