"""The released: figures that passed the gate, in a type that only the gate can make."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn

import pandas as pd

from disclosure.errors import DisclosureError
from disclosure.geography import Geography, Window
from disclosure.policy import Policy

Kind = Literal["counts", "statistics", "predictions", "outlook", "account"]

COUNT_COLUMNS: Final = (
    "level", "code", "period", "denominator", "count", "rate", "band_from", "band_to", "status", "reason",
)  # fmt: skip
STATISTIC_COLUMNS: Final = (
    "level", "code", "period", "gi_cluster", "cluster", "sign", "status", "stability", "q_from", "q_to", "reason",
)  # fmt: skip
PREDICTION_COLUMNS: Final = (
    "level", "code", "period", "predicted", "chance_from", "chance_to", "kinds", "status", "reason",
)  # fmt: skip
OUTLOOK_COLUMNS: Final = (
    "level", "code", "period", "children", "expected", "low", "high", "status", "reason",
)  # fmt: skip
ACCOUNT_COLUMNS: Final = ("level", "code", "period", "value", "status", "reason")
TELLS_COLUMNS: Final = ("figure", "level", "code", "period", "form", "trust", "low", "high")


class _Seal:
    """What only the gate holds: without it no `Released` is made."""

    __slots__ = ()


SEAL: Final = _Seal()


class Released:
    """Figures that passed the gate, and the frame they stand in; made by `disclosure.gate` alone.

    `frame` is a copy each time, so that nobody changes what was released: what may be told. All else is what
    an attack is granted; of it the numbers of children in `geography`, and `tells`, are for the gate alone. `reasons`
    counts the cells by status and reason; `notes` are the gate's decisions as sentences.
    `surroundings` says who lies around whom where a test was made, `ways` the same for each further way of asking.
    `tells` are the bounds on counts that somebody would find behind predictions who knew all about how they were made.
    `given_away` is how many small counts of these figures' cells earlier releases had given away before.
    Cannot be built, copied into another, pickled or changed elsewhere: `DisclosureError`.
    """

    __slots__ = (
        "_frame",
        "_tells",
        "geography",
        "given_away",
        "kind",
        "notes",
        "policy",
        "surroundings",
        "ways",
        "windows",
    )

    kind: Kind
    policy: Policy
    geography: Geography
    windows: Mapping[str, Window]
    surroundings: Mapping[str, tuple[str, ...]]
    ways: Mapping[str, Mapping[str, tuple[str, ...]]]
    notes: tuple[str, ...]
    given_away: int
    _frame: pd.DataFrame
    _tells: pd.DataFrame

    def __init__(self, seal: _Seal, parts: "Parts") -> None:
        if seal is not SEAL:
            _refuse("built")
        for name in ("kind", "policy", "geography", "windows", "surroundings", "ways", "notes", "given_away"):
            object.__setattr__(self, name, getattr(parts, name))
        object.__setattr__(self, "_frame", parts.frame.reset_index(drop=True).copy(deep=True))
        object.__setattr__(self, "_tells", parts.tells.reset_index(drop=True).copy(deep=True))

    @property
    def frame(self) -> pd.DataFrame:
        """Return the figures, a row a cell: a copy."""
        return self._frame.copy(deep=True)

    @property
    def tells(self) -> pd.DataFrame:
        """Return what predictions tell of counts, a row a bound: a copy. Empty for counts and statistics."""
        return self._tells.copy(deep=True)

    @property
    def reasons(self) -> pd.DataFrame:
        """Return how many cells have each status, by level, with the reason in words."""
        told = self._frame.assign(reason=self._frame["reason"].fillna(""))
        return told.groupby(["level", "status", "reason"], sort=True).size().rename("cells").reset_index()

    def __setattr__(self, name: str, value: object) -> NoReturn:
        _refuse("changed")

    def __delattr__(self, name: str) -> NoReturn:
        _refuse("changed")

    def __init_subclass__(cls) -> NoReturn:
        _refuse("derived from")

    def __reduce__(self) -> NoReturn:
        _refuse("pickled or copied")


def no_tells() -> pd.DataFrame:
    """Return the table of bounds with no row."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in TELLS_COLUMNS})


@dataclass(frozen=True)
class Parts:
    """What a `Released` is made of."""

    kind: Kind
    frame: pd.DataFrame
    policy: Policy
    geography: Geography
    windows: Mapping[str, Window]
    surroundings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    ways: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    tells: pd.DataFrame = field(default_factory=no_tells)
    given_away: int = 0


def _refuse(done: str) -> NoReturn:
    raise DisclosureError(
        f"Released figures cannot be {done} outside the gate.",
        "Call disclosure.gate.release_counts or one of its sisters, or disclosure.shelf.read_released.",
    )
