"""Names: what the invented children, their mothers and fathers are called, by heritage."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Strings = npt.NDArray[Any]
HERITAGES = ("british", "south_asian", "west_african", "east_european", "arabic")
DOUBLE_BARRELLED = 0.06
_FILE = Path(__file__).with_name("names.toml")


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def diminutives() -> dict[str, tuple[str, ...]]:
    """Return the short forms of each forename that has any."""
    return {name: tuple(short) for name, short in _lists()["diminutives"].items()}


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Return the other spellings of each name that has any."""
    groups = _lists()["spellings"]["groups"]
    return {name: tuple(other for other in group if other != name) for group in groups for name in group}


def draw_forenames(kind: str, heritage: npt.NDArray[np.int64], rng: np.random.Generator) -> Strings:
    """Return a forename for each person; `kind` is girls, boys, women or men, `heritage` a position in HERITAGES."""
    return _draw({name: tuple(_lists()[name][kind]) for name in HERITAGES}, 0.55, heritage, rng)


def draw_surnames(heritage: npt.NDArray[np.int64], rng: np.random.Generator) -> Strings:
    """Return a surname for each family; British ones have a long tail, and one in seventeen of those is double."""
    surnames = _draw({name: _surnames(name) for name in HERITAGES}, 0.75, heritage, rng)
    double = (heritage == 0) & (rng.random(len(heritage)) < DOUBLE_BARRELLED)
    second = _draw({name: _surnames("british") for name in HERITAGES}, 0.75, heritage, rng)
    return np.where(double & (second != surnames), surnames + "-" + second, surnames)


def feminine(surnames: Strings) -> Strings:
    """Return Polish surnames as women bear them: Kowalski, Kowalska."""
    return np.array(
        [name[:-1] + "a" if name.endswith(("ski", "cki")) else name for name in surnames], dtype=object
    )


@cache
def _surnames(heritage: str) -> tuple[str, ...]:
    told = _lists()[heritage]
    rare = [a + b for a in told.get("surname_beginnings", ()) for b in told.get("surname_endings", ())]
    return (*told["surnames"], *rare)


def _draw(
    lists: dict[str, tuple[str, ...]], power: float, heritage: npt.NDArray[np.int64], rng: np.random.Generator
) -> Strings:
    """Return a name for each person from the list of the heritage, the n-th name with weight n to the minus `power`."""
    names = np.empty(len(heritage), dtype=object)
    for position, key in enumerate(HERITAGES):
        of_these = np.flatnonzero(heritage == position)
        pool = np.array(lists[key], dtype=object)
        weight = np.arange(1.0, len(pool) + 1) ** -power
        names[of_these] = pool[rng.choice(len(pool), len(of_these), p=weight / weight.sum())]
    return names
