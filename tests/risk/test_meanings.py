"""Meanings: which tables hold others, worked out by hand and beside all the children that there can be."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.meanings import Meaning, contained

KNOWN = Meaning("known", "housing")


def rows(*values: str, days: int | None = None, of: str = "child", column: str = "tenure") -> Meaning:
    where = ((column, values),) if values else ()
    return Meaning("rows", "housing", of=of, where=where, within_days=days, as_of="the day before school")


def value(*values: str) -> Meaning:
    return Meaning("value", "housing", column="tenure", values=values)


def edge(number: float, *, above: bool, beyond: bool = False) -> Meaning:
    return Meaning("value", "housing", column="rooms", edge=number, above=above, beyond=beyond)


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        (rows("SOC"), KNOWN),
        (value("SOC"), KNOWN),
        (edge(2, above=False), KNOWN),
        (rows("SOC"), rows("SOC", "TEM")),
        (rows("SOC"), rows()),
        (rows("SOC", days=30), rows("SOC", days=60)),
        (rows("SOC", days=30), rows("SOC")),
        (value("SOC"), value("SOC", "TEM")),
        (edge(3, above=True), edge(2, above=True)),
        (edge(2, above=False), edge(3, above=False)),
        (edge(2, above=True, beyond=True), edge(2, above=True)),
    ],
)
def test_who_is_counted_here_is_counted_there_too(inner: Meaning, outer: Meaning) -> None:
    assert inner.among(outer)
    assert not outer.among(inner)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (rows("SOC", of="household"), KNOWN),  # the others at home are known, the child need not be
        (rows("SOC", days=60), rows("SOC", days=30)),
        (rows("SOC", column="tenure"), rows("SOC", column="band")),
        (rows("SOC"), Meaning("known", "births")),
        (rows("SOC"), Meaning("rows", "housing", where=(("tenure", ("SOC",)),), as_of="the third birthday")),
        (edge(3, above=True), edge(2, above=False)),
        (Meaning("home", edge=2.0, above=True), Meaning("home", edge=1.0, above=True)),
    ],
)
def test_where_nothing_follows_nothing_is_said(one: Meaning, other: Meaning) -> None:
    assert not one.among(other)


def test_a_newest_value_is_one_alone() -> None:
    assert value("SOC").apart(value("TEM"))
    assert not value("SOC", "OWN").apart(value("OWN"))
    assert edge(3, above=True).apart(edge(2, above=False))
    assert not edge(2, above=True).apart(edge(2, above=False))
    assert not rows("SOC").apart(rows("TEM"))  # a child moves


def names(*meanings: Meaning) -> set[tuple[frozenset[Meaning], frozenset[Meaning]]]:
    found = contained(meanings)
    return {
        (
            frozenset(Meaning.read(name) for name in one.more),
            frozenset(Meaning.read(name) for name in one.less),
        )
        for one in found
    }


def test_a_whole_and_its_parts() -> None:
    social, temporary, any_ = rows("SOC"), rows("TEM"), rows("SOC", "TEM")
    assert names(KNOWN, social, temporary, any_) == {
        (frozenset({KNOWN}), frozenset({one})) for one in (social, temporary, any_)
    } | {
        (frozenset({any_}), frozenset({social})),
        (frozenset({any_}), frozenset({temporary})),
        (frozenset({social, temporary}), frozenset({any_})),
    }


def test_values_of_which_one_is_newest_are_together_among_those_known() -> None:
    social, temporary = value("SOC"), value("TEM")
    assert (frozenset({KNOWN}), frozenset({social, temporary})) in names(KNOWN, social, temporary)


MEANINGS = [
    KNOWN, rows(), rows("A"), rows("B"), rows("A", "B"), rows("A", days=2), rows("A", "B", days=2), rows("B", days=5),
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(0, 9)), max_size=4))
def test_no_child_of_any_history_contradicts_what_is_said_to_hold(history: list[tuple[str, int]]) -> None:
    """A child's rows are a tenure and how many days back each lies; counted by a plain reading of each meaning."""

    def counted(meaning: Meaning) -> bool:
        if meaning.kind == "known":
            return bool(history)
        wanted = dict(meaning.where).get("tenure", ("A", "B", "C"))
        return any(
            name in wanted and (meaning.within_days is None or days <= meaning.within_days)
            for name, days in history
        )

    for inner, outer in permutations(MEANINGS, 2):
        if inner.among(outer):
            assert not counted(inner) or counted(outer)
    for more, less in names(*MEANINGS):
        assert sum(map(counted, less)) <= sum(map(counted, more))


@given(st.sampled_from([*MEANINGS, value("A", "B"), edge(2.5, above=True, beyond=True)]))
def test_a_meaning_is_read_again_as_it_was_written(meaning: Meaning) -> None:
    assert Meaning.read(meaning.text()) == meaning
