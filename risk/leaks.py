"""Leaks: features that know what was not yet known, found by making them again without the later rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    features then give must be what the table holds.

    :param table: as `make_features` made it, in the order of `children`.
    :param most_dates: where children have more cut-off dates than this, as many are taken, evenly spread.
    :raises RiskError: the table and the children are not of one length, or a column is declared by nobody.
    """
    _check_table(table, features, children)
    dates = np.sort(children["cutoff"].unique())
    taken = dates[np.unique(np.linspace(0, len(dates) - 1, min(len(dates), most_dates)).round().astype(int))]
    changed = pd.Series(0, index=[feature.name for feature in features])
    for date in taken:
        chosen = np.flatnonzero((children["cutoff"] == date).to_numpy())
        stripped = {agency: strip(source, date) for agency, source in sources.items()}
        known_homes = None if homes is None else homes[homes["known"] <= date]
        again = make_features(features, children.iloc[chosen], stripped, known_homes, engine=engine)
        for name in changed.index:
            changed[name] += int(
                _differ(table[name].to_numpy(float)[chosen], again[name].to_numpy(float)).sum()
            )
    checked = int(children["cutoff"].isin(taken).sum())
    return [Leak(f.name, f.label, int(changed[f.name]), checked) for f in features if changed[f.name]]


def refuse_leaks(found: Sequence[Leak]) -> None:
    """Raise RiskError if there is any leak."""
    if found:
        cure = "Date it by the day on which it became known, or leave it out."
        raise RiskError([Fault(leak.sentence(), cure, column=leak.feature) for leak in found])


def strip(source: Source, date: pd.Timestamp) -> Source:
    """Return a source as it stood on a date, by its contract."""
    rows = source.rows[source.rows[source.as_of] <= date].copy()
    late = {column: ~(rows[known] <= date) for column, known in source.known_on.items() if column in rows}
    for name in source.date_columns():
        late[name] = late.get(name, False) | (rows[name] > date)
    for column, gone in late.items():
        rows[column] = rows[column].mask(gone)
    return replace(source, rows=rows)


def _differ(had: Floats, has: Floats) -> npt.NDArray[np.bool_]:
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
