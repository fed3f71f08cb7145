"""People: as many as the place says, born when their cohort says, in families that could be."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo.place import Place
from geo.placing import place_add
from risk.deprivation import deprivation_deciles
from risk.errors import RiskError
from risk.synthetic.ground import BABIES_PER_PERSON, USUAL, deciles, deprivation, survey
from risk.synthetic.need import assessment_days
from risk.synthetic.options import Options
from risk.synthetic.people import day, make_children, make_families, name_children
from tests.geo.basildon import basildon

OPTIONS = Options()


@pytest.fixture(scope="module")
def children(demo: Place) -> pd.DataFrame:
    return make_children(survey(demo, OPTIONS, 7), OPTIONS, 7)


def test_each_area_has_the_children_its_own_ages_give(demo: Place, children: pd.DataFrame) -> None:
    # five cohorts were aged 0 to 4 at the census, and the one to come is as large as one of them
    young = demo.population()["age_0_4"]  # type: ignore[index]
    count = children.groupby("first_area").size().reindex(range(len(young)), fill_value=0).to_numpy()
    assert np.abs(count - young.to_numpy() * 6 / 5).max() < 1
    assert len(children) == round(young.sum() * 6 / 5)


def test_cohorts_are_alike_in_size(demo: Place, children: pd.DataFrame) -> None:
    sizes = children["cohort"].value_counts()
    assert sorted(sizes.index) == [2022, 2023, 2024, 2025, 2026, 2027]
    mean = len(children) / 6
    assert (sizes - mean).abs().max() < 5 * np.sqrt(mean)
    assert 3.5 < mean / len(demo.areas()) < 5  # about four children an output area and year


def test_asking_for_a_number_gives_that_number(demo: Place) -> None:
    ground = survey(demo, Options(people=20_000), 7)
    assert ground.children.sum() == 20_000
    scaled = ground.expected_a_year * (20_000 / ground.expected_a_year.sum())
    assert np.abs(ground.children - scaled).max() < 1


def test_a_cohort_is_born_from_september_to_august(children: pd.DataFrame) -> None:
    for cohort, part in children.groupby("cohort"):
        assert part["born"].min() >= day(date(cohort - 6, 9, 1))
        assert part["born"].max() <= day(date(cohort - 5, 8, 31))


def test_the_day_of_assessment_by_hand() -> None:
    days = assessment_days(np.array([2023, 2024, 2027]), OPTIONS)
    # 30 June in a common year and in a leap year; the cohort to come is seen on the day of the extracts
    assert days.tolist() == [day(date(2023, 6, 30)), day(date(2024, 6, 30)), day(date(2026, 9, 30))]


def test_siblings_are_twins_or_far_enough_apart(children: pd.DataFrame) -> None:
    ordered = children.sort_values(["family", "born"])
    gap = ordered.groupby("family")["born"].diff().dropna()
    assert ((gap == 0) | (gap >= 300)).all()
    twins = children.loc[children["twin"]]
    assert twins.duplicated(["family", "born"], keep=False).all()
    assert 0.02 < len(twins) / len(children) < 0.045  # about three children in a hundred are twins
    assert children.groupby("family").size().max() == 3
    assert children.groupby("family")["first_area"].nunique().max() == 1


def test_siblings_have_one_surname_and_names_of_their_own(demo: Place, children: pd.DataFrame) -> None:
    ground = survey(demo, OPTIONS, 7)
    named = name_children(children, make_families(children, ground, OPTIONS, 7), 7)
    named["family"] = children["family"]
    assert not named.duplicated(["family", "forename"]).any()
    root = named["surname"].str.replace("(sk|ck)a$", r"\1i", regex=True)
    assert root.groupby(named["family"]).nunique().max() == 1


def test_deciles_hold_a_tenth_each_and_ten_is_most_deprived_as_where_the_model_reads_them(
    demo: Place,
) -> None:
    score = deprivation(demo)
    tenth = deciles(score)
    assert tenth.value_counts().tolist() == [60] * 10
    assert score[tenth == 10].min() >= score[tenth == 9].max()
    table = demo.indicators()
    read = deprivation_deciles(table, [column for column in USUAL if column in table])
    assert (tenth - read.reindex(tenth.index)).abs().max() == 0


def test_unknown_columns_of_deprivation_are_all_named(demo: Place) -> None:
    with pytest.raises(RiskError) as raised:
        deprivation(demo, ("number_of_cars_5a-000", "sunshine", "luck"))
    assert [fault.column for fault in raised.value.faults] == ["sunshine", "luck"]


def test_the_unseen_field_is_smooth_and_no_indicator_shows_it(demo: Place) -> None:
    ground = survey(demo, OPTIONS, 7)
    assert abs(np.corrcoef(ground.unseen, ground.deprivation)[0, 1]) < 1e-9
    assert abs(np.corrcoef(ground.unseen, ground.seen)[0, 1]) < 1e-9
    nearest = (
        np.hypot(*(np.subtract.outer(v, v) for v in (ground.x, ground.y))) + np.eye(len(ground.x)) * 1e9
    ).argmin(1)
    assert np.corrcoef(ground.unseen, ground.unseen[nearest])[0, 1] > 0.8


def test_real_census_geography_without_ages(shared: Path, tmp_path: Path) -> None:
    place = place_add(
        basildon(
            shared,
            "basildon_oa21_census2021_pct.csv",
            postcodes=shared / "basildon" / "codepoint_open_basildon.csv",
        ),
        tmp_path,
        lambda _: None,
    )
    ground = survey(place, OPTIONS, 1)
    assert len(ground.codes) == 584
    assert ground.children.sum() == round(187_568 * BABIES_PER_PERSON * 6)
    assert 3.5 < ground.children.sum() / 6 / 584 < 5
