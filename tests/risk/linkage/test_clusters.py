"""Clusters on records written out by hand: chains, twins, babies without a name, and groups too large."""

import numpy as np
import pandas as pd
import pytest

from risk.clusters import cluster
from risk.linkage_fields import FIELDS, root, sound
from risk.linkage_quality import expected_quality, linked_shares, record_doubt, true_quality


def people(*rows: tuple[str, str | None, str, str, str]) -> pd.DataFrame:
    """Return records of agency, forename, surname, born, sex, all else unknown."""
    table = pd.DataFrame(rows, columns=["agency", "forename", "surname", "born", "sex"]).reindex(
        columns=["agency", *FIELDS]
    )
    table = table.astype("str")
    for name, change in (("root", root), ("sound", sound), ("letters", lambda text: "".join(sorted(text)))):
        table[f"forename_{name}"] = table["forename"].map(change, na_action="ignore").astype("str")
    return table.rename_axis("unique_id").reset_index()


def scored(*rows: tuple[int, int, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["unique_id_l", "unique_id_r", "match_probability"])
    return table.assign(match_weight=np.log2(table["match_probability"] / (1 - table["match_probability"])))


NOAH, ETHAN = ("noah", "smith", "20200101", "m"), ("ethan", "smith", "20200101", "m")


def test_records_are_joined_along_chains_at_the_threshold_or_above():
    records = people(*(("abcd"[k], *NOAH) for k in range(4)))
    found = cluster(records, scored((0, 1, 0.95), (1, 2, 0.9), (2, 3, 0.89)), threshold=0.9, largest=9)
    assert found.person.tolist() == [0, 0, 0, 1]


def test_twins_are_apart_however_much_they_score():
    records = people(("a", *NOAH), ("b", *ETHAN), ("b", *NOAH))
    found = cluster(records, scored((0, 1, 0.999), (0, 2, 0.95), (1, 2, 0.999)), threshold=0.9, largest=9)
    assert found.person.tolist() == [0, 1, 0]
    assert found.apart == {"another forename": 2}


def test_a_baby_without_a_name_does_not_join_twins():
    records = people(("a", *NOAH), ("b", None, *NOAH[1:]), ("c", *ETHAN))
    found = cluster(records, scored((0, 1, 0.97), (1, 2, 0.99)), threshold=0.9, largest=9)
    assert found.person.tolist() == [0, 1, 1]
    assert found.taken_apart == 1


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("oliver", "s", "20200101", "m"), ("ollie", "s", "20200101", "m"), True),
        (("oliver", "s", "20200101", "m"), ("olivia", "s", "20200101", "f"), True),
        (("george", "s", "20200101", "m"), ("geogre", "s", "20200101", "m"), True),
        (("oluwaseun", "s", "20200101", "m"), ("seun", "s", "20200101", "m"), True),
        (("muhammad", "s", "20200101", "m"), ("mohammed", "s", "20200101", "m"), True),
        (("muhammad", "s", "20200101", "m"), ("mohammed", "s", "20220731", "m"), False),
        (("muhammad", "s", "20200101", "m"), ("muhammad", "s", "20220731", "m"), True),
        (("maria", "s", "20200101", "f"), ("mario", "s", "20200101", "m"), False),
        (("robinson", "ada", "20200101", "f"), ("ada", "robinson", "20200101", "f"), True),
    ],
)
def test_who_may_be_one_person(one: tuple[str, ...], other: tuple[str, ...], together: bool):
    found = cluster(people(("a", *one), ("b", *other)), scored((0, 1, 0.99)), threshold=0.9, largest=9)  # type: ignore[arg-type]
    assert (found.person[0] == found.person[1]) == together


def test_a_group_too_large_is_refused_with_a_reason():
    records = people(*((f"a{k % 3}", *NOAH) for k in range(6)), ("z", *ETHAN))
    found = cluster(records, scored(*((k, k + 1, 0.99) for k in range(5))), threshold=0.9, largest=5)
    assert found.person.tolist() == [-1] * 6 + [1]
    assert found.refused.to_dict("records") == [
        {"records": 6, "agencies": 3, "reason": "more than 5 records would be one person"}
    ]
    assert record_doubt(found.pairs, found.person).tolist() == [1.0] * 6 + [0.0]


def test_the_order_of_pairs_and_their_sides_do_not_matter():
    records = people(("a", *NOAH), ("b", None, *NOAH[1:]), ("c", *ETHAN), ("d", *NOAH))
    pairs = scored((0, 1, 0.99), (1, 2, 0.99), (1, 3, 0.99))
    turned = pairs.rename(columns={"unique_id_l": "unique_id_r", "unique_id_r": "unique_id_l"})[::-1]
    one, other = (
        cluster(records, part, threshold=0.9, largest=9).person.tolist() for part in (pairs, turned)
    )
    assert one == other == [0, 0, 1, 0]


def test_quality_worked_by_hand():
    # persons {0,1,2} and {3}: 3 pairs joined; truth {0,1} and {2,3}: 2 pairs, one of them joined
    person = np.array([0, 0, 0, 1])
    pairs = scored((0, 1, 0.9), (1, 2, 0.6), (2, 3, 0.5))
    expected = expected_quality(pairs, person)
    assert expected.precision == pytest.approx((0.9 + 0.6) / 3)
    assert expected.recall == pytest.approx(1.5 / 2.0)
    found = true_quality(pd.Series(person), pd.Series(["x", "x", "y", "y"]))
    assert (found.precision, found.recall, found.pairs) == (1 / 3, 1 / 2, 3)
    assert record_doubt(pairs, person) == pytest.approx([0.1, 0.1, 0.4, 0.5])
    refused = true_quality(pd.Series([1, 1, pd.NA, pd.NA], dtype="Int64"), pd.Series(["x", "x", "y", "y"]))
    assert (refused.precision, refused.recall) == (1, 1 / 2)


def test_linked_shares_by_hand():
    agency = pd.Series(["a", "a", "b", "b", "c"])
    assert linked_shares(agency, np.array([0, 1, 0, 2, 0])) == {"a": 0.5, "b": 0.5, "c": 1.0}
