"""Clusters: from scored pairs of records to persons; twins are held apart, what is too large is refused."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from risk.linkage_settings import ALIKE

LARGEST_TRIED = 300
"""A group of records larger than this is refused before anything is taken apart in it."""

_DIFFERENT_NAME = f"""(l.forename <> r.forename AND l.forename_root <> r.forename_root
    AND NOT {ALIKE.format("l.", "", "r.", "")}
    AND NOT (length(l.forename) >= 6 AND length(r.forename) >= 6 AND levenshtein(l.forename, r.forename) <= 2)
    AND NOT coalesce(l.forename = r.surname OR r.forename = l.surname, false)
    AND NOT coalesce(l.forename = r.forename_other OR r.forename = l.forename_other, false))"""
_OTHER_BIRTH = """(levenshtein(l.born, r.born) > 1 AND coalesce(l.born_turned <> r.born, true)
    AND l.forename <> r.forename)"""
_OTHER_SEX = "(l.sex <> r.sex AND l.forename <> r.forename AND l.forename_root <> r.forename_root)"
_UNNAMED_BESIDE = "(l.agency = r.agency AND (l.forename IS NULL OR r.forename IS NULL))"

APART = f"""CASE WHEN coalesce({_DIFFERENT_NAME}, false) THEN 'another forename'
    WHEN coalesce({_OTHER_BIRTH}, false) THEN 'another date of birth and forename'
    WHEN coalesce({_OTHER_SEX}, false) THEN 'another sex and forename'
    WHEN coalesce({_UNNAMED_BESIDE}, false) THEN 'not named, beside another of the same agency'
    ELSE '' END"""
"""Why two records cannot be one person however much else agrees: a twin or a sibling shares nearly everything."""


@dataclass(frozen=True)
class Clusters:
    """Who is who: `person` by unique_id (a number from 0, -1 where refused), and what was decided on the way.

    `pairs` are the scored pairs, one held APART with a match_probability of 0; `apart` counts those that scored enough
    but were held apart, by reason; `refused` has one row a refused group: records, agencies, reason; `taken_apart`
    counts groups that held two persons at least and were taken apart.
    """

    person: npt.NDArray[np.int64]
    pairs: pd.DataFrame
    apart: dict[str, int]
    refused: pd.DataFrame
    taken_apart: int


def cluster(records: pd.DataFrame, pairs: pd.DataFrame, *, threshold: float, largest: int) -> Clusters:
    """Group records into persons.

    `records` as `linkage_records` makes them, unique_id 0 to n - 1; `pairs` has unique_id_l, unique_id_r, match_weight
    and match_probability. Pairs at the threshold or above are joined, unless APART; where a chain of them would still
    join two records that are APART, the strongest links are made first and one that would join them is left out.
    Persons of more than `largest` records are refused: so many slips in a row are no evidence.
    """
    with _held(records) as connection:
        return _clustered(connection, records, pairs, threshold=threshold, largest=largest)


@contextmanager
def _held(records: pd.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give an engine that holds the records as `everybody`."""
    with duckdb.connect(":memory:") as connection:
        connection.register("everybody", pa.Table.from_pandas(records, preserve_index=False))
        yield connection


def _clustered(
    connection: duckdb.DuckDBPyConnection,
    records: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    threshold: float,
    largest: int,
) -> Clusters:
    pairs = _with_reasons(connection, pairs)
    strong = pairs[pairs["match_probability"] >= threshold]
    links = strong[strong["reason"] == ""]
    group = _components(len(records), links)
    sizes = np.bincount(group)
    hopeless = sizes[group] > LARGEST_TRIED
    inside = _apart_inside(connection, np.flatnonzero(~hopeless), group)
    mixed = set(group[inside["l"].to_numpy(np.int64)].tolist())
    if mixed:
        kept = _strongest_first(records, links[np.isin(group[links["unique_id_l"]], list(mixed))], inside)
        links = pd.concat([links[~np.isin(group[links["unique_id_l"]], list(mixed))], links.loc[kept]])
        group = _components(len(records), links)
    person, refused = _refuse(records, group, largest)
    told = strong.loc[strong["reason"] != "", "reason"].value_counts()
    pairs["match_probability"] = pairs["match_probability"].where(pairs["reason"] == "", 0.0)
    return Clusters(person, pairs, {str(why): int(n) for why, n in told.items()}, refused, len(mixed))


def _with_reasons(connection: duckdb.DuckDBPyConnection, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with `reason`, empty where they may be one person, in an order that any engine gives."""
    connection.register("pairs", pa.Table.from_pandas(pairs, preserve_index=False))
    found = connection.sql(
        f"""SELECT least(unique_id_l, unique_id_r) AS unique_id_l,
            greatest(unique_id_l, unique_id_r) AS unique_id_r, match_weight, match_probability, {APART} AS reason
        FROM pairs JOIN everybody l ON l.unique_id = unique_id_l JOIN everybody r ON r.unique_id = unique_id_r"""  # noqa: S608
    ).df()
    return found.sort_values(["unique_id_l", "unique_id_r"], ignore_index=True)


def _components(count: int, links: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the number of the group of each record, groups numbered by their first record."""
    ends = links["unique_id_l"].to_numpy(np.int64), links["unique_id_r"].to_numpy(np.int64)
    graph = coo_array((np.ones(len(links), dtype=np.int8), ends), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    return np.asarray(pd.factorize(label)[0], dtype=np.int64)


def _apart_inside(
    connection: duckdb.DuckDBPyConnection, some: npt.NDArray[np.int64], group: npt.NDArray[np.int64]
) -> pd.DataFrame:
    """Return the pairs (l, r) of some records that share a group though they are APART."""
    table = pd.DataFrame({"unique_id": some, "together": group[some]})
    several = table[table.duplicated("together", keep=False)]
    connection.register("groups", pa.Table.from_pandas(several, preserve_index=False))
    return connection.sql(
        f"""WITH records AS (SELECT * FROM groups JOIN everybody USING (unique_id))
        SELECT l.unique_id AS l, r.unique_id AS r FROM records l JOIN records r
        ON l.together = r.together AND l.unique_id < r.unique_id WHERE {APART} <> '' ORDER BY ALL"""  # noqa: S608
    ).df()


def _strongest_first(records: pd.DataFrame, links: pd.DataFrame, apart: pd.DataFrame) -> list[int]:
    """Return the index of the links that can be made, strongest first, without joining two records held apart."""
    barred: dict[int, set[int]] = defaultdict(set)
    for l, r in apart.itertuples(index=False):  # noqa: E741
        barred[l].add(r)
        barred[r].add(l)
    members: dict[int, set[int]] = {}
    kept = []
    # weights differ in the last digits between engines
    order = links.assign(weight=links["match_weight"].round(6)).sort_values(
        ["weight", "unique_id_l", "unique_id_r"], ascending=[False, True, True]
    )
    for index, l, r in zip(order.index, order["unique_id_l"], order["unique_id_r"], strict=True):  # noqa: E741
        one, other = members.setdefault(l, {l}), members.setdefault(r, {r})
        small, large = (one, other) if len(one) <= len(other) else (other, one)
        if one is not other:
            if any(barred[member] & large for member in small):
                continue
            large |= small
            members.update(dict.fromkeys(small, large))
        kept.append(int(index))
    return kept


def _refuse(
    records: pd.DataFrame, group: npt.NDArray[np.int64], largest: int
) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """Return persons, -1 where refused, and the refused groups."""
    sizes = np.bincount(group)
    too_large = np.flatnonzero(sizes > largest)
    agencies = records["agency"].groupby(group).nunique()
    refused = pd.DataFrame(
        {
            "records": sizes[too_large],
            "agencies": agencies.reindex(too_large).to_numpy(),
            "reason": f"more than {largest} records would be one person",
        }
    )
    return np.where(np.isin(group, too_large), -1, group), refused
