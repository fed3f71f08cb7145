"""Linkage: which rows of the agencies' extracts are about the same person, and where each was."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from splink import Linker
from splink.internals.splink_dataframe import SplinkDataFrame

from risk.clusters import cluster
from risk.errors import RiskError
from risk.extracts import Extract
from risk.linkage_engine import EngineName, open_engine
from risk.linkage_fields import linkage_records
from risk.linkage_model import LinkageModel, train
from risk.linkage_quality import record_doubt
from risk.linkage_report import LinkageReport, make_report
from risk.linkage_settings import Loss
from risk.placing import AreaFinder
from risk.private_folder import private_folder
from risk.pseudonyms import Key

BORN_BY = "born_by"
LEAST_SCORE = 0.01
"""Pairs less likely than this to match are not kept: together they hold next to no missed link."""

RECORDS_AN_AGENCY = 4
"""One person may have this many records, on average, with each agency; a group of more is refused."""


@dataclass(frozen=True)
class Linked:
    """Extracts linked and placed, without any identifier: it lives in memory and never prints its tables.

    `records` has one row a row of an extract: `agency`; `row`, its position in the extract; `person`, a number that
    tells nothing (missing where refused); `area` (missing where not placed) and `how` it was placed; `home`, the
    pseudonym of the address; `doubt`, the chance that the row belongs to another person. `persons`, indexed by person:
    `cohort` (the year it is assessed at the end of reception, missing where no date of birth is known), `term` of birth
    (autumn, spring, summer) and `sex` (f, m or missing).
    """

    records: pd.DataFrame = field(repr=False)
    persons: pd.DataFrame = field(repr=False)
    report: LinkageReport
    model: LinkageModel = field(repr=False)

    def facts(self, extract: Extract) -> pd.DataFrame:
        """Return what an extract tells without saying of whom: its facts, and person and area of each row.

        Where the contract says that something is known from birth, BORN_BY has the last day of the month of birth.
        """
        own = self._of_agency[extract.agency]
        facts = extract.facts().assign(person=own["person"].to_numpy(), area=own["area"].to_numpy())
        if BORN_BY in self.known_on(extract).values():
            facts[BORN_BY] = extract.values("date_of_birth") + pd.offsets.MonthEnd(0)
        return facts

    @cached_property
    def _of_agency(self) -> dict[str, pd.DataFrame]:
        """Return the records of each agency, in the order of its extract."""
        return {str(name): own.sort_values("row") for name, own in self.records.groupby("agency")}

    def known_on(self, extract: Extract) -> dict[str, str]:
        """Return, for columns of `facts`, the date column there that says when each became known."""
        contract, hidden = extract.contract, extract.contract.personal()
        told = {name: contract.columns[name].known_on for name in extract.facts()}
        born = contract.column_of("date_of_birth")
        return {
            name: BORN_BY if date == born else date
            for name, date in told.items()
            if date is not None and (date == born or date not in hidden)
        }

    def homes(self, extracts: Iterable[Extract]) -> pd.DataFrame:
        """Return where each person was known to live, and from when: agency, person, household, area, known (date)."""
        parts = []
        for extract in extracts:
            own = self._of_agency[extract.agency]
            told = extract.table[extract.contract.home_as_of or extract.contract.as_of]
            own = own.assign(known=told.to_numpy())
            parts.append(
                own[["agency", "person", "home", "area", "known"]].rename(columns={"home": "household"})
            )
        return pd.concat(parts, ignore_index=True).dropna(subset=["person", "household"]).drop_duplicates()


def link(
    extracts: Mapping[str, Extract],
    key: Key,
    finder: AreaFinder,
    *,
    engine: EngineName = "duckdb",
    model: LinkageModel | None = None,
    loss: Loss | None = None,
    seed: int = 1,
    threads: int = 2,
    memory: str = "4GB",
    private: Path | None = None,
) -> Linked:
    """Link the extracts and place their rows.

    Splink scores pairs of records on the engine, with `model` or one trained here with the seed; a pair is joined where
    that costs less than not joining it (`loss`). Names are held in memory and, while an engine runs, in a private
    folder (under `private`, by default in memory) that is removed.

    RiskError where the engine is not installed, nothing can be learnt from the records, or the model is another's.
    """
    if not extracts:
        raise RiskError("There is no extract to link.", "Read at least one.")
    clock, loss = _Clock(), loss or Loss()
    with clock.stage("fields"):
        records, rows = linkage_records(extracts.values())
    with (
        private_folder(private) as folder,
        open_engine(engine, folder, threads=threads, memory=memory) as opened,
    ):
        held = opened.register(records)
        with clock.stage("train"):
            model = model or train(held, engine, count=len(records), seed=seed)
        with clock.stage("score"):
            pairs = _score(held, model.settings(engine))
    with clock.stage("cluster"):
        largest = RECORDS_AN_AGENCY * len(extracts)
        clusters = cluster(records, pairs, threshold=loss.threshold, largest=largest)
    with clock.stage("place"):
        placed = _place(rows, key, finder)
    person = _opaque(clusters.person, key)
    # rounded, since engines differ in the last digits of a probability
    doubt = record_doubt(clusters.pairs, clusters.person).round(6)
    of_row = rows["unique_id"].to_numpy(np.int64)
    table = placed.assign(person=person.iloc[of_row].to_numpy(), doubt=doubt[of_row])
    return Linked(
        records=table[["agency", "row", "person", "area", "how", "home", "doubt"]],
        persons=_persons(records, person),
        report=make_report(
            engine=engine,
            model=model,
            loss=loss,
            clusters=clusters,
            agency=records["agency"],
            rows=len(rows),
            placed=placed["how"],
            seconds=clock.seconds,
        ),
        model=model,
    )


class _Clock:
    """Seconds a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)


def _score(records: SplinkDataFrame, settings: dict[str, Any]) -> pd.DataFrame:
    """Return the pairs that may match: unique_id_l, unique_id_r, match_weight, match_probability."""
    linker = Linker(records, settings, log_level=None)
    scored = linker.inference.predict(threshold_match_probability=LEAST_SCORE, warning_mode="never")
    columns = ["unique_id_l", "unique_id_r", "match_weight", "match_probability"]
    # by way of Arrow, since PySpark's own way to pandas warns on pandas 3
    table = scored.as_pyarrow_table()  # type: ignore[no-untyped-call]
    return pd.DataFrame(table.select(columns).to_pandas())


def _place(rows: pd.DataFrame, key: Key, finder: AreaFinder) -> pd.DataFrame:
    """Return, for each row, agency, row, area, how and home."""
    # one address is one home, whether an agency wrote its UPRN or not
    doors = rows[["door", "home"]].dropna().value_counts().reset_index()
    by_door = doors.sort_values(["door", "count", "home"], ascending=[True, False, True])
    by_door = by_door.drop_duplicates("door").set_index("door")["home"]
    home = rows["home"].fillna(rows["door"].map(by_door)).fillna(rows["door"])
    found = finder.place_rows(rows["home"], rows["postcode"])
    return pd.DataFrame(
        {
            "agency": rows["agency"],
            "row": rows["row"],
            "area": found["area"],
            "how": found["how"],
            "home": key.pseudonyms("home", home),
        }
    )


def _opaque(group: np.ndarray, key: Key) -> pd.Series:
    """Return a number for each person that tells neither the order of the extracts nor anything else."""
    order = np.random.default_rng(key.seed()).permutation(int(group.max(initial=-1)) + 1)
    number = np.where(group >= 0, order[np.maximum(group, 0)] + 1 if len(order) else 0, 0)
    return pd.Series(number, dtype="Int64").mask(pd.Series(group < 0))


def _persons(records: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    """Return cohort, term of birth and sex of each person, as most of its records have them."""
    table = records[["born", "sex"]].assign(person=person)
    table = table[table["person"].notna()]
    born = pd.to_datetime(_commonest(table, "born"), format="%Y%m%d")
    month = born.dt.month
    term = pd.Series(pd.NA, index=born.index, dtype="string")
    term = (
        term.mask(month.between(1, 4), "spring")
        .mask(month.between(5, 8), "summer")
        .mask(month >= 9, "autumn")
    )
    # children are assessed in the summer in which they are five: born from September six years before to August
    cohort = (born.dt.year + 5 + (month >= 9)).astype("Int64")
    every = pd.Index(sorted(table["person"].unique()), name="person")
    persons = pd.DataFrame({"cohort": cohort, "term": term, "sex": _commonest(table, "sex")})
    return persons.reindex(every)


def _commonest(table: pd.DataFrame, name: str) -> pd.Series:
    """Return each person's commonest value, the least of equals."""
    counts = table.groupby(["person", name]).size().rename("n").reset_index()
    counts = counts.sort_values(["person", "n", name], ascending=[True, False, True])
    return counts.drop_duplicates("person").set_index("person")[name]
