"""Features: what the agencies' records say of each child, as it was known on the child's cut-off date."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.expr.operations import Node

from risk import expressions
from risk.declarations import Feature, Source, check
from risk.errors import RiskError
from words.faults import Fault

_EPOCH = pd.Timestamp("1970-01-01")


class Tables(Protocol):
    """An engine that holds Arrow tables and answers Ibis expressions over them."""

    def take(self, name: str, table: pa.Table) -> ir.Table:
        """Hold a table under a name and return it as an expression."""

    def answer(self, expression: ir.Table) -> pa.Table:
        """Return what an expression gives."""


class DuckTables:
    """DuckDB in memory; what does not fit goes to the private folder given, or nowhere at all."""

    def __init__(self, private: Path | None = None) -> None:
        self.connection = duckdb.connect(config={"temp_directory": str(private or "")})

    def take(self, name: str, table: pa.Table) -> ir.Table:
        """Hold a table under a name and return it as an expression."""
        self.connection.register(name, table)
        return _unbound(name, table)

    def answer(self, expression: ir.Table) -> pa.Table:
        """Return what an expression gives."""
        return self.connection.sql(_sql(expression.op(), "duckdb")).to_arrow_table()


class SparkTables:
    """Spark, by a session that the caller made and stops."""

    def __init__(self, session: Any) -> None:
        self.session = session
        self.dialect = ibis.pyspark.name  # asked of the module, because that is what registers its options

    def take(self, name: str, table: pa.Table) -> ir.Table:
        """Hold a table under a name and return it as an expression."""
        self.session.createDataFrame(table).createOrReplaceTempView(name)
        return _unbound(name, table)

    def answer(self, expression: ir.Table) -> pa.Table:
        """Return what an expression gives."""
        return self.session.sql(_sql(expression.op(), self.dialect)).toArrow()


@lru_cache(maxsize=128)
def _sql(expression: Node, dialect: str) -> str:
    """Return the SQL of an expression; kept, since Ibis takes longer over it than the engine over its answer."""
    return str(ibis.to_sql(expression.to_expr(), dialect=dialect))


def _unbound(name: str, table: pa.Table) -> ir.Table:
    # Tables bound to an engine's connection fail in Ibis 12.0.0 with DuckDB 2.0.0, so only the SQL is Ibis's.
    return ibis.table(ibis.Schema.from_pyarrow(table.schema), name=name)


def make_features(
    features: Sequence[Feature],
    children: pd.DataFrame,
    sources: Mapping[str, Source],
    homes: pd.DataFrame | None = None,
    *,
    engine: Tables | None = None,
) -> pd.DataFrame:
    """Return the feature table: the children's own columns, then one column a feature.

    Everything is as of each child's own cut-off date (the day before it starts school, say): rows that came to be
    later, values that became known later and homes moved to later are not read. What is missing or contradicts
    itself stays missing: a count with a row that may or may not belong is missing, not smaller.

    :param features: declared in the recipe.
    :param children: `person` (opaque number), `cohort`, `area`, `cutoff` (datetime64) and whatever is to be carried
        along (`outcome`, `group_…`); one row a child and cohort.
    :param sources: linked rows by agency.
    :param homes: `person`, `household` (any number) and `known` (datetime64: since when it is known to live there).
    :param engine: DuckDB in memory unless another is given.
    :returns: in the order of `children`, without `cutoff`; features are float64, NaN where unknown.
    :raises RiskError: every fault of declarations, sources and children.
    """
    check(features, sources, homes)
    _check_children(children)
    tables = engine if engine is not None else DuckTables()
    made = children.drop(columns="cutoff").reset_index(drop=True)
    subjects = _subjects(tables, children, homes)
    found = _gather(tables, features, sources, subjects)
    columns = {feature.name: _filled(feature, found, len(children)) for feature in features}
    return pd.concat([made, pd.DataFrame(columns, index=made.index)], axis=1)


def _gather(
    tables: Tables,
    features: Sequence[Feature],
    sources: Mapping[str, Source],
    subjects: dict[str, ir.Table],
) -> dict[str, pd.Series]:
    """Return what each feature's expression gives, by child number."""
    found: dict[str, pd.Series] = {}
    if "home" in subjects:
        found["home"] = _run(tables, subjects["home"])["person"]
    for name in (f.name for f in features if f.kind == "household_size"):
        found[name] = _run(tables, expressions.sizes(subjects["home"], subjects["household"], name))[name]
    for (agency, whom), wanted in _grouped(features).items():
        source = sources[agency]
        rows = tables.take(f"rows_{agency}", _arrow(_needed(source, wanted)))
        answer = _run(tables, expressions.facts(subjects[whom], rows, source, wanted))
        found |= {feature.name: answer[feature.name] for feature in wanted}
    return found


def _grouped(features: Sequence[Feature]) -> dict[tuple[str, str], list[Feature]]:
    groups: dict[tuple[str, str], list[Feature]] = {}
    for feature in features:
        if feature.kind != "household_size":
            groups.setdefault((feature.agency, feature.of), []).append(feature)
    return groups


def _subjects(tables: Tables, children: pd.DataFrame, homes: pd.DataFrame | None) -> dict[str, ir.Table]:
    numbered = children[["person", "cutoff"]].assign(child=range(len(children)))
    listed = tables.take("children", _arrow(numbered))
    subjects = {"child": expressions.own(listed)}
    if homes is not None:
        lived = tables.take("homes", _arrow(homes[["person", "household", "known"]]))
        subjects["home"] = expressions.home(listed, lived)
        subjects["household"] = expressions.others(subjects["home"], lived)
    return subjects


def _filled(feature: Feature, found: Mapping[str, pd.Series], count: int) -> pd.Series:
    """Return a feature for every child: 0 where an agency that holds every event holds none, else missing."""
    values = found[feature.name].astype("float64")
    every = values.reindex(range(count))
    if feature.absent == "none" and feature.kind in ("count", "ever"):
        unheard = ~every.index.isin(values.index)
        if feature.of == "household":
            unheard &= every.index.isin(found["home"].index)
        every[unheard] = 0.0
    return every


def _run(tables: Tables, expression: ir.Table) -> pd.DataFrame:
    return tables.answer(expression).to_pandas().set_index("child").sort_index()


def _needed(source: Source, features: Sequence[Feature]) -> pd.DataFrame:
    """Return the columns that are read and no other, codes as text."""
    read = [
        name
        for feature in features
        for name in (*feature.reads(), *([feature.dated] if feature.dated else []))
    ]
    ordered = [name for pair in source.in_order for name in pair]
    names = list(dict.fromkeys(["person", source.as_of, *source.known_on.values(), *ordered, *read]))
    rows = source.rows[names].copy()
    for feature in features:
        for name in (*feature.where, *([feature.column] if feature.codes else [])):
            rows[name] = rows[name].astype("string")
    return rows


def _arrow(table: pd.DataFrame) -> pa.Table:
    """Return a frame as Arrow, dates as whole days so that every engine counts them alike."""
    plain = table.copy()
    for name in plain:
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = (plain[name] - _EPOCH).dt.days.astype("Int64")
    return pa.Table.from_pandas(plain, preserve_index=False).replace_schema_metadata(None)


def _check_children(children: pd.DataFrame) -> None:
    faults = [
        Fault("the children lack a column.", "Give person, cohort, area and cutoff.", column=name)
        for name in ("person", "cohort", "area", "cutoff")
        if name not in children
    ]
    if not faults and children["cutoff"].isna().any():
        late = int(children["cutoff"].isna().sum())
        faults.append(Fault(f"{late} children have no cut-off date.", "Give each one.", column="cutoff"))
    if faults:
        raise RiskError(faults)
