"""The policy's numbers, worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.errors import DisclosureError
from disclosure.policy import DEFAULT, Policy


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (97, 95), (98, 100)]
)
def test_counts_are_rounded_to_five(count: int, shown: int) -> None:
    assert DEFAULT.rounded(count, 100) == shown


@given(st.integers(20, 400).flatmap(lambda all_: st.tuples(st.integers(8, all_), st.just(all_))))
def test_what_a_rounded_count_tells_holds_the_count_and_never_a_small_one(numbers: tuple[int, int]) -> None:
    count, children = numbers
    shown = DEFAULT.rounded(count, children)
    low, high = DEFAULT.behind(shown, children)
    assert 8 <= low <= count <= high <= children
    assert 10 <= shown <= children
    assert {DEFAULT.rounded(one, children) for one in range(low, high + 1)} == {shown}


@given(st.integers(20, 400).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))))
def test_a_band_and_the_public_children_never_pin_a_count_under_eight(numbers: tuple[int, int]) -> None:
    count, children = numbers
    low, high = DEFAULT.behind_band(*DEFAULT.band(count, children), children)
    assert low <= count <= high
    assert (low == 0 and high >= 7) or low >= 8
    assert (high == children and low <= children - 7) or children - high >= 8


def test_edges_for_twenty_children_and_for_many() -> None:
    assert DEFAULT.edges_for(20) == (0.4, 0.5, 0.6)
    assert DEFAULT.edges_for(27) == (0.3, 0.4, 0.5, 0.6)
    assert DEFAULT.edges_for(80) == DEFAULT.edges
    assert DEFAULT.band(7, 20) == (0.0, 0.4)
    assert DEFAULT.band(8, 20) == (0.4, 0.5)


def test_bands_of_q_and_stability() -> None:
    assert DEFAULT.q_band(0.05) == (0.01, 0.05)
    assert DEFAULT.q_band(0.0501) == (0.05, 0.1)
    assert DEFAULT.q_band(1.0) == (0.1, 1.0)
    assert DEFAULT.stability(11 / 12) == pytest.approx(0.9)
    assert DEFAULT.stability(0.95) == pytest.approx(1.0)


def test_rules_that_contradict_each_other_are_refused_together() -> None:
    with pytest.raises(DisclosureError) as refused:
        Policy(base=20, minimum_denominator=10, edges=(0.5, 0.2), stability_step=0.0)
    assert len(refused.value.faults) == 4
