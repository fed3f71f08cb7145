"""Linkage against a known truth: how many pairs are right and found, where rows are placed, what nothing tells."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from risk.errors import RiskError
from risk.extracts import Extract
from risk.linkage import BORN_BY, Linked, link
from risk.linkage_model import model_from_json
from risk.linkage_quality import Quality, true_quality
from risk.linkage_settings import Loss
from tests.risk.linkage.conftest import KEY, District


def quality(district: District, linked: Linked) -> Quality:
    """Return the quality over persons as the agencies count them, so that their own numbers earn nothing."""
    rows = district.judged(linked)
    own = {
        (name, row): who
        for name, extract in district.extracts.items()
        for row, who in enumerate(extract.table[extract.contract.person])
    }
    rows["own"] = [own[name, row] for name, row in zip(rows["agency"], rows["row"], strict=True)]
    rows = rows.drop_duplicates(["agency", "own"])
    return true_quality(rows["person"], rows["child"])


def test_with_slips_nearly_all_links_are_right_and_found(district: District, linked: Linked):
    found = quality(district, linked)
    assert found.precision > 0.99
    assert found.recall > 0.975
    assert linked.report.verdict == "sound"
    # the model knows itself: what it expects is within two points of what is so
    assert linked.report.expected_precision == pytest.approx(found.precision, abs=0.02)
    assert linked.report.expected_recall == pytest.approx(found.recall, abs=0.02)


def test_without_slips_no_link_is_missed(make_district: Callable[..., District]):
    clean = make_district(2000, 6, typos=0, missing=0)
    found = quality(clean, link(clean.extracts, KEY, clean.finder))
    assert found.recall == 1
    assert found.precision > 0.995


def test_children_whom_one_agency_entered_twice_are_found(district: District, linked: Linked):
    rows = district.judged(linked)
    twice = rows[rows["twice"] == "True"]
    others = rows[rows["twice"] != "True"][["agency", "child", "person"]].drop_duplicates(["agency", "child"])
    met = twice.merge(others, on=["agency", "child"])
    assert len(met) > 50
    assert (met["person_x"] == met["person_y"]).mean() > 0.97


def test_twins_are_held_apart(district: District, linked: Linked):
    rows = district.judged(linked).merge(
        district.children[["twin", "family"]], left_on="child", right_index=True
    )
    twins = rows[rows["twin"]]
    shared = twins.groupby("person")["child"].nunique()
    assert twins["child"].nunique() > 60
    assert (shared > 1).mean() < 0.05
    assert linked.report.apart["another forename"] > 100


def test_broken_records_are_called_broken(make_district: Callable[..., District]):
    broken = make_district(2000, 8, scenario="broken")
    report = link(broken.extracts, KEY, broken.finder).report
    assert report.verdict == "broken"
    assert "known to another agency" in " ".join(report.reasons)
    assert "The linkage is broken." in report.sentences()[-1]


def test_rows_are_placed_where_they_were(district: District, linked: Linked):
    rows = district.judged(linked)
    placed = rows[rows["area"].notna()]
    assert len(placed) > 0.99 * len(rows)
    assert (placed["area"] == placed["true_area"]).mean() > 0.995
    assert set(linked.report.placed) >= {"by UPRN", "by postcode"}


def test_persons_have_the_cohort_term_and_sex_of_the_child(district: District, linked: Linked):
    rows = district.judged(linked).drop_duplicates("person")
    told = linked.persons.loc[rows["person"]]
    true = district.children.loc[rows["child"]]
    assert (told["cohort"].to_numpy() == true["cohort"].to_numpy()).mean() > 0.98
    assert ((told["sex"] == "m").to_numpy() == true["male"].to_numpy()).mean() > 0.97
    assert set(told["term"].dropna()) == {"autumn", "spring", "summer"}


def test_no_identifier_is_in_anything_that_linkage_returns(district: District, linked: Linked):
    """Every identifier that went in is looked for in every cell, in the report, the model and what prints."""
    secret: set[str] = set()
    for extract in district.extracts.values():
        for name in extract.contract.personal():
            if extract.contract.columns[name].role != "sex":
                secret |= {text for text in extract.table[name].dropna().astype(str) if len(text) > 3}
    assert len(secret) > 10_000
    extracts = district.extracts.values()
    tables = [linked.records, linked.persons.reset_index(), linked.homes(extracts)]
    tables += [linked.facts(extract) for extract in extracts]
    for table in tables:
        for name in table.columns:
            held = set(table[name].dropna().astype(str).unique())
            dates = {text[:10] for text in held} if name == BORN_BY else set()
            # the end of a month is some child's birthday, but it is every row's of that month
            assert (
                not (held - dates) & secret or name in {"last_contact_date", BORN_BY} or _is_date(table[name])
            )
    words = {text.casefold() for text in secret if text.isalpha() and len(text) > 5}
    text = (
        f"{linked} {linked.report.as_dict()} {linked.model.to_json()} {linked.report.sentences()}".casefold()
    )
    assert not {word for word in words if f"'{word}'" in text or f" {word} " in text}


def _is_date(values: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values)


def test_facts_have_no_personal_column_and_say_when_each_was_known(district: District, linked: Linked):
    births = district.extracts["births"]
    facts = linked.facts(births)
    assert not set(births.contract.personal()) & set(facts)
    assert linked.known_on(births)["birth_weight_g"] == BORN_BY
    assert (facts[BORN_BY].dropna().dt.is_month_end).all()
    assert (facts[BORN_BY].dropna() >= births.table["date_of_birth"].dropna()).all()
    assert set(linked.known_on(births).values()) <= set(facts)


def test_the_same_seed_gives_the_same_answer_and_a_saved_model_gives_it_again(
    district: District, linked: Linked
):
    saved = model_from_json(linked.model.to_json())
    assert saved == linked.model
    assert saved.digest == linked.report.model_digest
    again = link(district.extracts, KEY, district.finder, model=saved)
    pd.testing.assert_frame_equal(again.records, linked.records)
    # whatever the number of threads, which share out rows and sums in another order each time
    trained = link(district.extracts, KEY, district.finder, seed=3, threads=1)
    assert trained.model == linked.model
    pd.testing.assert_frame_equal(trained.records, linked.records)
    one, other = (replace(each.report, seconds={}) for each in (trained, linked))
    assert one == other


def test_another_key_gives_other_numbers_to_the_same_persons(district: District, linked: Linked):
    other = link(
        district.extracts, type(KEY)("other", "", bytes(range(1, 33))), district.finder, model=linked.model
    )
    assert set(other.records["home"].dropna()).isdisjoint(linked.records["home"].dropna())
    pairs = pd.DataFrame(
        {"one": linked.records["person"], "other": other.records["person"]}
    ).drop_duplicates()
    assert pairs["one"].is_unique
    assert pairs["other"].is_unique
    assert np.corrcoef(pairs["one"].astype(int), pairs["other"].astype(int))[0, 1] < 0.1


def test_a_dearer_wrong_link_makes_fewer_of_them(district: District, linked: Linked):
    strict = link(district.extracts, KEY, district.finder, model=linked.model, loss=Loss(999, 1))
    assert strict.report.threshold == pytest.approx(0.999)
    assert quality(district, strict).precision > 0.999
    assert strict.report.pairs_joined < linked.report.pairs_joined
    assert strict.report.expected_recall < linked.report.expected_recall


def test_doubt_is_a_chance_and_larger_where_links_are_missed(district: District, linked: Linked):
    rows = district.judged(linked)
    assert rows["doubt"].between(0, 1).all()
    main = rows.groupby("child")["person"].transform(lambda held: held.value_counts().index[0])
    missed = rows["person"] != main
    assert missed.sum() > 20
    assert rows.loc[missed, "doubt"].mean() > 10 * rows.loc[~missed, "doubt"].mean()


def test_match_weights_are_told_as_rows_that_add_up(linked: Linked):
    chart = {(row["comparison"], row["level"]): row for row in linked.report.weights}
    same, different = chart["born", "the same"], chart["born", "different"]
    assert same["weight"] == pytest.approx(np.log2(same["m"] / same["u"]))
    # five cohorts and the next hold 6 x 365 birthdays, so two strangers share one about once in 2,190
    assert same["u"] == pytest.approx(1 / 2190, rel=0.1)
    assert same["weight"] > 5
    assert different["weight"] < 0
    assert chart["sex", "the same"]["u"] == pytest.approx(0.5, abs=0.02)


def test_nothing_to_link_and_an_unknown_engine_are_told(district: District):
    with pytest.raises(RiskError, match="no extract"):
        link({}, KEY, district.finder)
    with pytest.raises(RiskError, match="Choose one of: duckdb, spark"):
        link(district.extracts, KEY, district.finder, engine="sqlite")  # type: ignore[arg-type]


def test_nothing_is_left_in_the_private_place(district: District, linked: Linked, tmp_path):
    link(district.extracts, KEY, district.finder, model=linked.model, private=tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["gate.lock"]


def test_a_model_of_other_comparisons_is_refused(district: District, linked: Linked):
    text = linked.model.to_json().replace('"day and month exchanged"', '"something else"')
    with pytest.raises(RiskError, match="another version"):
        link(district.extracts, KEY, district.finder, model=model_from_json(text))
    with pytest.raises(RiskError, match="no saved linkage model"):
        model_from_json("{}")


def test_one_agency_alone_is_searched_for_children_it_counts_twice(district: District):
    alone: dict[str, Extract] = {"births": district.extracts["births"]}
    report = link(alone, KEY, district.finder).report
    assert report.records - report.persons == pytest.approx(0.02 * report.persons, rel=0.4)
    assert report.verdict == "sound"
