"""Expressions: how a feature is worked out, as Ibis tables that DuckDB and Spark both run.

Dates are whole days since 1970. Truth has three values: a row can match, not match, or leave it open.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from risk.declarations import Feature, Source, dated_by


def own(children: ir.Table) -> ir.Table:
    """Return whose rows speak of each child itself: child, cutoff, person."""
    return children.select("child", "cutoff", "person")


def home(children: ir.Table, homes: ir.Table) -> ir.Table:
    """Return the home of each child as last known by its cut-off: child, cutoff, person, household.

    A child for which two homes are given on the same last day has none: they contradict each other.
    """
    known = own(children).join(homes, "person").filter(lambda t: t.known <= t.cutoff)
    latest = known.mutate(last=known.known.max().over(group_by=known.child))
    newest = latest.filter(latest.known == latest.last)
    one = newest.group_by("child", "cutoff", "person").aggregate(
        household=newest.household.min(), other=newest.household.max()
    )
    return one.filter(one.household == one.other).drop("other")


def others(at_home: ir.Table, homes: ir.Table) -> ir.Table:
    """Return who else lives at each child's home as of its cut-off: child, cutoff, person."""
    mine = at_home.rename(me="person", here="household")
    met = mine.join(homes, mine.here == homes.household).filter(
        lambda t: (t.known <= t.cutoff) & (t.person != t.me)
    )
    pairs = met.select("child", "cutoff", "here", "person").distinct()
    known = pairs.join(homes, "person").filter(lambda t: t.known <= t.cutoff)
    latest = known.mutate(last=known.known.max().over(group_by=[known.child, known.person]))
    newest = latest.filter(latest.known == latest.last)
    still = newest.group_by("child", "cutoff", "here", "person").aggregate(
        first=newest.household.min(), other=newest.household.max()
    )
    return still.filter((still.first == still.here) & (still.other == still.here)).drop(
        "first", "other", "here"
    )


def sizes(at_home: ir.Table, mates: ir.Table, name: str) -> ir.Table:
    """Return the number of other people at each child's home; 0 where the home is known and nobody else is."""
    counted = mates.group_by("child").aggregate(mates=mates.count())
    joined = at_home.left_join(counted, "child")
    return joined.select("child", joined.mates.fill_null(0).name(name))


def facts(subjects: ir.Table, rows: ir.Table, source: Source, features: Sequence[Feature]) -> ir.Table:
    """Return one row a child with what one agency's rows say: a column a feature, null where unknown.

    Only rows that came to be by the cut-off count; a child without one is not in the table.
    """
    seen = subjects.join(rows, "person").filter(lambda t: t[source.as_of] <= t.cutoff)
    marked = seen.mutate(**{key: value for f in features for key, value in _marks(seen, f, source).items()})
    latest = marked.mutate(
        **{
            f"newest_{f.name}": marked[f"day_{f.name}"].max().over(group_by=marked.child)
            for f in features
            if f.kind == "latest"
        }
    )
    return latest.group_by("child").aggregate(**{f.name: _value(latest, f) for f in features})


def _marks(rows: ir.Table, feature: Feature, source: Source) -> dict[str, ir.Value]:
    """Return each row's day for a feature (null: not in its time) and whether it matches (1, 0, null: open)."""
    date = rows[dated_by(feature, source)]
    in_time = date <= rows.cutoff
    if feature.within_days is not None:
        in_time &= date > rows.cutoff - feature.within_days
    sound = _in_order(rows, source)
    if feature.kind == "latest":
        number = _number(rows, feature)
        return {
            f"day_{feature.name}": ibis.cases((in_time & number.notnull() & sound, date)),
            f"is_{feature.name}": number,
        }
    matches = ibis.literal(True)
    for column, values in feature.where.items():
        matches &= rows[column].isin(list(values))
    return {
        f"day_{feature.name}": ibis.cases((in_time, date)),
        f"is_{feature.name}": ibis.cases((sound & matches, 1), (sound & ~matches, 0)),
    }


def _in_order(rows: ir.Table, source: Source) -> ir.BooleanValue:
    sound = ibis.literal(True)
    for earlier, later in source.in_order:
        sound &= (rows[later] >= rows[earlier]).fill_null(True)
    return sound


def _number(rows: ir.Table, feature: Feature) -> ir.NumericValue:
    if not feature.codes:
        return rows[feature.column].cast("float64")
    return ibis.cases(*((rows[feature.column] == code, number) for code, number in feature.codes.items()))


def _value(rows: ir.Table, feature: Feature) -> ir.NumericScalar:
    day, fits = rows[f"day_{feature.name}"], rows[f"is_{feature.name}"]
    if feature.kind == "latest":
        on_last = ibis.cases((day == rows[f"newest_{feature.name}"], fits))
        return ibis.cases((on_last.min() == on_last.max(), on_last.min())).cast("float64")
    counted = ibis.cases((day.notnull() & (fits == 1), 1), else_=0)
    still_open = ibis.cases((day.notnull() & fits.isnull(), 1), else_=0)
    if feature.kind == "count":
        return ibis.cases((still_open.sum() == 0, counted.sum())).cast("float64")
    if feature.kind == "ever":
        return ibis.cases((counted.sum() > 0, 1), (still_open.sum() == 0, 0)).cast("float64")
    last = ibis.cases((counted == 1, day)).max()
    maybe = ibis.cases((still_open == 1, day)).max()
    return ibis.cases((maybe.fill_null(-(2**40)) <= last, rows.cutoff.max() - last)).cast("float64")
