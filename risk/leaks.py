"""Leaks: features that know what was not yet known, found by making them again without the later rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from risk.declarations import Feature, Source
from risk.errors import RiskError
from risk.features import Tables, make_features
from words.faults import Fault

Floats = npt.NDArray[np.float64]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Leak:
    """A feature whose values change when what became known after the cut-off is taken away."""

    feature: str
    label: str
    children: int
    of: int

    def sentence(self) -> str:
        """Return the leak in words."""
        return (
            f"{self.label} ({self.feature}) knows what was not yet known: for {self.children} of {self.of} children it "
            "changes when everything known only after their cut-off date is taken away."
        )


def leaks(
    table: pd.DataFrame,
    features: Sequence[Feature],
    children: pd.DataFrame,
    sources: Mapping[str, Source],
    homes: pd.DataFrame | None = None,
    *,
    engine: Tables | None = None,
    most_dates: int = 24,
) -> list[Leak]:
    """Return the features of a finished table that leak, in the order of their declaration.

    For each cut-off date the sources are stripped by their contracts, not by the features' own dates: rows
    that came to be later go, values known only later and dates still to come are blanked, later homes go. What the
    features then give must be what the table holds. All dates are asked at once, each with children, rows and homes
    under numbers of its own, so that none can see another's.

    :param table: as `make_features` made it, in the order of `children`.
    :param most_dates: where children have more cut-off dates than this, as many are taken, evenly spread.
    :raises RiskError: the table and the children are not of one length, or a column is declared by nobody.
    """
    _check_table(table, features, children)
    children = children.reset_index(drop=True)
    dates = np.sort(children["cutoff"].unique())
    taken = dates[np.unique(np.linspace(0, len(dates) - 1, min(len(dates), most_dates)).round().astype(int))]
    then = _Then.all([_as_of(date, children, sources, homes) for date in taken])
    again = make_features(features, then.children, then.sources, then.homes, engine=engine)
    had = table.iloc[then.children.index]
    changed = {f.name: int(_differ(had[f.name], again[f.name].to_numpy(float)).sum()) for f in features}
    return [Leak(f.name, f.label, changed[f.name], len(had)) for f in features if changed[f.name]]


def refuse_leaks(found: Sequence[Leak]) -> None:
    """Raise RiskError if there is any leak."""
    if found:
        cure = "Date it by the day on which it became known, or leave it out."
        raise RiskError([Fault(leak.sentence(), cure, column=leak.feature) for leak in found])


def strip(source: Source, date: pd.Timestamp | pd.Series) -> Source:
    """Return a source as it stood on a date, or each of its rows on the row's own, by its contract."""
    there = source.rows[source.as_of] <= date
    rows = source.rows[there].copy()
    if isinstance(date, pd.Series):
        date = date[there]
    late = {column: ~(rows[known] <= date) for column, known in source.known_on.items() if column in rows}
    for name in source.date_columns():
        late[name] = late.get(name, False) | (rows[name] > date)
    for column, gone in late.items():
        rows[column] = rows[column].mask(gone)
    return replace(source, rows=rows)


@dataclass(frozen=True)
class _Then:
    """The children of one cut-off date or of several, with what was known by then of them and of who lives with them.

    The index of the children says where they are among all. The sources of one date are not yet stripped: that is done
    once for all dates.
    """

    date: pd.Timestamp
    children: pd.DataFrame
    sources: Mapping[str, Source]
    homes: pd.DataFrame | None

    @classmethod
    def all(cls, dates: Sequence[Self]) -> Self:
        """Return several dates as one, stripped, in which persons and homes of each have other numbers."""

        def together(tables: Iterable[pd.DataFrame]) -> pd.DataFrame:
            return pd.concat([_renumbered(table, k, len(dates)) for k, table in enumerate(tables)])

        def as_of(source: Source) -> Source:
            rows = [then.sources[source.agency].rows for then in dates]
            known = pd.Series(np.repeat([then.date for then in dates], [len(part) for part in rows]))
            return strip(replace(source, rows=together(rows).reset_index(drop=True)), known)

        first = dates[0]
        return cls(
            first.date,
            together(then.children for then in dates),
            {agency: as_of(source) for agency, source in first.sources.items()},
            None if first.homes is None else together(then.homes for then in dates if then.homes is not None),
        )


def _as_of(
    date: pd.Timestamp, children: pd.DataFrame, sources: Mapping[str, Source], homes: pd.DataFrame | None
) -> _Then:
    chosen = children[children["cutoff"] == date]
    who, lived = chosen["person"], None
    if homes is not None:
        known = homes[homes["known"] <= date]
        shared = known.loc[known["person"].isin(who), "household"]
        who = pd.concat([who, known.loc[known["household"].isin(shared), "person"]])
        lived = known[known["person"].isin(who)]
    theirs = {
        agency: replace(source, rows=source.rows[source.rows["person"].isin(who)])
        for agency, source in sources.items()
    }
    return _Then(date, chosen, theirs, lived)


def _renumbered(table: pd.DataFrame, number: int, of: int) -> pd.DataFrame:
    names = [name for name in ("person", "household") if name in table]
    return table.assign(**{name: table[name] * of + number for name in names})


def _differ(had: pd.Series, has: Floats) -> npt.NDArray[np.bool_]:
    had = had.to_numpy(float)
    return np.asarray(~((np.abs(had - has) <= _TOLERANCE) | (np.isnan(had) & np.isnan(has))))


def _check_table(table: pd.DataFrame, features: Sequence[Feature], children: pd.DataFrame) -> None:
    faults = []
    if len(table) != len(children):
        faults.append(
            Fault(f"{len(table)} rows for {len(children)} children.", "Give the table of these children.")
        )
    declared = {feature.name for feature in features}
    for name in table.columns.difference([*children.columns, *declared]):
        faults.append(Fault("nobody declared this feature.", "Declare it, or take it out.", column=str(name)))
    for name in sorted(declared - set(table.columns)):
        faults.append(Fault("a declared feature is not in the table.", "Make the table again.", column=name))
    if faults:
        raise RiskError(faults)
