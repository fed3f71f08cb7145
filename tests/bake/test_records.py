"""A recipe from agencies' records, end to end on the demo place: a draft of safe figures and nothing of any person."""

from pathlib import Path

import pandas as pd
import pytest

from bake.agencies import agencies_of
from bake.beside import Beside
from bake.columns import OPEN_ONLY, PARENTS, RATE_ONLY
from bake.errors import BakeError
from bake.exporting import export_bytes
from bake.guard import check_guard, guard_of, read_guard
from bake.pipeline import Records, bake
from bake.recipe import SHIPPED, Recipe, load_recipe
from bake.records import earlier_runs, shelf_of
from bake.release import is_served, release, standing, withdraw
from bake.runs import Run
from bake.telling import told
from disclosure.policy import DEFAULT
from disclosure.released import Released
from disclosure.stack import tables_in
from geo.demo import ensure_demo
from geo.place import Place
from risk.meanings import Meaning
from risk.pseudonyms import make_key
from risk.synthetic.district import synthesise
from risk.synthetic.options import Options

QUICK = """
learners = ["logistic"]
refits = 2
bootstrap = 50
forward_cohorts = 1
folds = 2
"""
COMPLETE = """
[risk.record]
organisation = "The council of the demo town"
senior_responsible_owner = "The director of children's services"
contact = "records@example.org"
lawful_basis = "UK GDPR article 6(1)(e)"

[[risk.record.assessments]]
kind = "data protection"
name = "Assessment of the demo"
"""


def quick(*, complete: bool = True) -> Recipe:
    """Return the shipped recipe with few draws and one learner."""
    text = (SHIPPED / "school_readiness.toml").read_text("utf-8")
    text = text.replace("draws = 400", "draws = 60")
    text = text.replace('learners = ["logistic", "boosting"]', QUICK)
    return Recipe.read(
        text.replace("[risk.record]\n", COMPLETE.split("[[", maxsplit=1)[0]) + _assessment(complete),
        "quick.toml",
    )


def _assessment(complete: bool) -> str:
    return f"[[{COMPLETE.split('[[')[1]}" if complete else ""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def place(home: Path) -> Place:
    return ensure_demo(home)


def extracts(home: Path, place: Place, name: str, **options: object) -> Path:
    folder = home / "extracts" / name
    synthesise(place, folder, seed=7, options=Options(**options))  # type: ignore[arg-type]
    make_key(folder)
    return folder


@pytest.fixture(scope="module")
def given(home: Path, place: Place) -> Path:
    return extracts(home, place, "demo")


def guard(run: Run) -> dict[str, Released]:
    return read_guard(run.folder.parent.parent, run.id)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def run(home: Path, place: Place, given: Path, said: list[str]) -> Run:
    return bake(quick(), place, home, said.append, Records(given))


def test_the_shipped_recipe_asks_for_what_only_people_can_say() -> None:
    risk = load_recipe("school_readiness").risk
    assert risk.kind == "records"
    assert not risk.record.lawful_basis


def test_every_stage_says_its_time_and_memory(run: Run, said: list[str]) -> None:
    stages = [row["stage"] for row in run.manifest["stages"]]
    assert stages == ["extracts", "link", "features", "validate", "predict", "areas", "gate"]
    assert all(row["seconds"] >= 0 and row["peak_mb"] > 0 for row in run.manifest["stages"])
    assert any("Finding the same child" in sentence for sentence in said)


def test_a_police_file_that_nothing_permits_is_said_to_have_lain_there_unread(run: Run, given: Path) -> None:
    assert (given / "police.csv").is_file()
    assert run.manifest["settings"]["records"]["agencies"] == ["births", "schools", "housing", "social_care"]
    (told_,) = [sentence for sentence in run.manifest["decisions"] if "police" in sentence.lower()]
    assert told_ == (
        "Police: police.csv lies with the extracts and was not read, since it measures enforcement, and the recipe has "
        "no permission for that."
    )
    assert "Police" not in {source["name"] for source in run.record()["whose_data"]}


def test_output_areas_hold_only_what_the_gate_made(run: Run) -> None:
    areas = run.areas()
    assert not {*OPEN_ONLY, *RATE_ONLY} & set(areas.columns)
    told_ = areas["rate_from"].notna()
    assert 0 < told_.sum() < len(areas)
    few = areas["children"].isna()
    assert 0 < few.sum() < (~told_).sum()
    assert areas["children"].min() >= DEFAULT.minimum_denominator
    assert set(areas.loc[few, "reason"]) == {"too few children: see its LSOA"}
    edges = {0.0, 100.0, *(100 * edge for edge in DEFAULT.edges)}
    assert set(areas.loc[told_, "rate_from"]) | set(areas.loc[told_, "rate_to"]) <= edges
    assert areas.loc[~told_, "band"].isna().all()
    assert areas.loc[~told_, "predicted"].isna().all()
    assert set(areas["q_from"].dropna()) <= {0.0, *DEFAULT.q_edges}
    assert (areas["stability"].dropna() * 10 % 1).round(6).isin([0.0, 1.0]).all()


def test_larger_areas_are_told_rounded_or_not_at_all(run: Run) -> None:
    counts = pd.read_parquet(run.folder / "counts.parquet")
    assert set(counts["level"]) == {"lsoa", "msoa", "district", "ward"}
    assert set(counts.loc[counts["denominator"].isna(), "status"]) == {"too few children"}
    assert counts["denominator"].min() >= DEFAULT.minimum_denominator
    known = counts["count"].dropna().astype(int)
    assert ((known == 0) | (known > DEFAULT.threshold)).all()
    assert (known % DEFAULT.base == 0).all()
    assert counts.loc[counts["level"] == "ward", "count"].isna().all()
    outlook = pd.read_parquet(run.folder / "outlook.parquet")
    assert (outlook["expected"].dropna() % DEFAULT.base == 0).all()
    assert outlook["children"].min() >= DEFAULT.minimum_denominator
    assert {str(run.manifest["settings"]["records"]["next_cohort"])} < set(outlook["period"])


def test_what_agencies_say_is_told_of_larger_areas_alone_and_rounded(run: Run) -> None:
    told_ = pd.read_parquet(run.folder / "agencies.parquet")
    assert set(told_["level"]) == {"lsoa", "msoa", "district"}
    assert set(told_.loc[told_["level"] == "lsoa", "fact"]) == {"known"}
    known = told_["count"].dropna().astype(int)
    assert ((known == 0) | (known > DEFAULT.threshold)).all()
    assert (known % DEFAULT.base == 0).all()
    assert told_["denominator"].min() >= DEFAULT.minimum_denominator
    assert told_.loc[told_["level"] == "lsoa", "count"].isna().all()
    assert "schools" not in set(told_.loc[told_["fact"] == "known", "agency"])


def test_what_sets_an_area_apart_is_told_from_msoa_up_and_by_released_rates(run: Run) -> None:
    reasons = pd.read_parquet(run.folder / "drivers.parquet")
    assert set(reasons["level"]) <= {"msoa", "district"}
    told_ = pd.read_parquet(run.folder / "agencies.parquet").set_index(["fact", "code", "period"])["rate"]
    pooled = max(told_.index.get_level_values("period"), key=len)
    for row in reasons.dropna(subset="here").itertuples():
        assert told_[row.fact, row.code, pooled] == row.here


def test_the_gate_reads_again_what_it_told_of_agencies(run: Run) -> None:
    (stack,) = agencies_of(guard(run)).values()
    meant = [Meaning.read(name) for name in tables_in(stack)]
    assert {one.agency for one in meant if one.kind == "known"} == {"births", "housing", "social_care"}
    assert any(one.column == "speech_score" for one in meant)
    # whom an agency says something of, it knows: the gate was told so of every MSOA
    assert len(stack.geography.relations) > len(meant)


TABLES = {"areas.parquet", "counts.parquet", "outlook.parquet", "agencies.parquet", "drivers.parquet"}


def test_the_folder_of_a_run_holds_what_may_be_told_and_the_guard_lies_outside(run: Run) -> None:
    assert {path.name for path in run.folder.iterdir()} == {*TABLES, "run.json", "record.json"}
    check_guard(run)
    counts = guard(run)["counts"].geography
    small = (counts.denominators > 0) & (counts.denominators < DEFAULT.minimum_denominator)
    assert small.mean().mean() > 0.9, "what no file of the run may hold"
    assert len(counts.denominators) == len(run.areas())
    assert not guard_of(run).is_relative_to(run.folder.parent)


PUBLIC = {"name", *PARENTS, "population", "neighbours", "x", "y", "geometry"}
"""What a run's areas have from the place alone."""
MADE = {
    "children": ("counts", "denominator"), "rate_from": ("counts", "band_from"), "rate_to": ("counts", "band_to"),
    "q_from": ("statistics", "q_from"), "q_to": ("statistics", "q_to"), "status": ("statistics", "status"),
    "gi_cluster": ("statistics", "gi_cluster"), "cluster": ("statistics", "cluster"), "sign": ("statistics", "sign"),
    "stability": ("statistics", "stability"), "predicted": ("predictions", "predicted"),
    "chance_from": ("predictions", "chance_from"), "chance_to": ("predictions", "chance_to"),
    "kinds": ("predictions", "kinds"),
}  # fmt: skip
"""Which release, and which of its columns, each column from records is."""
OF_THOSE = {"band", "reason"}
"""What is worked out from columns above."""


def test_every_column_from_records_was_made_by_the_gate(run: Run) -> None:
    shelf = {one.kind: one.frame for one in shelf_of(guard(run))}
    areas = run.areas()
    pooled = max(shelf["counts"]["period"], key=len)
    oa = {
        kind: frame[(frame["level"] == "oa") & (frame["period"] == pooled)] for kind, frame in shelf.items()
    }
    for column in areas.columns:
        if column in PUBLIC | OF_THOSE:
            continue
        assert column in MADE, f"{column} is told of records and no release of the gate has it"
        kind, name = MADE[column]
        released = oa[kind].set_index("code")[name].reindex(areas.index)
        here = areas[column].replace("not assessed", pd.NA) if column == "sign" else areas[column]
        given_ = released.replace("not assessed", pd.NA) if column == "sign" else released
        assert here.isna().eq(given_.isna()).all(), column
        known = here.notna()
        assert (
            here[known].astype(str).astype(object).tolist()
            == given_[known].astype(here.dtype).astype(str).tolist()
        )
    told_ = areas["rate_from"].notna()
    assert areas[told_].groupby(["rate_from", "rate_to"])["band"].nunique().eq(1).all()
    assert set(areas["reason"].dropna()) <= {
        "",
        *oa["counts"]["reason"],
        *oa["statistics"]["reason"].dropna(),
    }
    larger = pd.read_parquet(run.folder / "counts.parquet").drop(columns="name")
    released = shelf["counts"][shelf["counts"]["level"] != "oa"].reset_index(drop=True)
    pd.testing.assert_frame_equal(larger, released)
    pd.testing.assert_frame_equal(pd.read_parquet(run.folder / "outlook.parquet"), shelf["outlook"])


def test_a_run_is_a_draft_until_a_named_person_releases_it(home: Path, place: Place, run: Run) -> None:
    assert standing(run).state == "draft"
    assert is_served(run, beyond_loopback=False)
    assert not is_served(run, beyond_loopback=True)
    assert earlier_runs(quick(), place, home) == Beside()
    assert release(home, run.id, by="Ada Example").state == "released"
    assert is_served(run, beyond_loopback=True)
    assert earlier_runs(quick(), place, home) == Beside(same=(run.id,))
    assert [one.kind for one in shelf_of(guard(run))] == ["counts", "statistics", "outlook", "predictions"]


def test_a_run_can_be_exported_and_told(run: Run) -> None:
    name, _, content = export_bytes(run, "csv")
    assert name.endswith(".zip")
    assert len(content) > 1000
    assert any("Sources" in line for line in told(run))


def test_a_withdrawn_run_still_counts_for_the_gate(home: Path, place: Place, run: Run) -> None:
    # after the test above, in the order of the file
    withdraw(home, run.id, reason="A trial.")
    assert not is_served(run, beyond_loopback=False)
    assert earlier_runs(quick(), place, home) == Beside(same=(run.id,))


def test_the_record_says_what_a_resident_may_ask(run: Run) -> None:
    record = run.record()
    assert record["complete"] is True
    assert set(record["baselines"]) == {"overall_rate", "deprivation_decile", "last_cohort_rate"}
    for key in ("pass_mark", "calibration", "limitations", "appeals", "worse_for", "whose_data"):
        assert record[key]


@pytest.mark.long
def test_where_deprivation_explains_all_the_baseline_is_shown(home: Path, place: Place) -> None:
    made = bake(quick(), place, home, records=Records(extracts(home, place, "flat", scenario="deprivation")))
    records = made.manifest["settings"]["records"]
    assert not records["passed"]
    assert records["shown"] != "model"
    assert next(iter(made.manifest)) == "id"
    assert any(
        "adds nothing" in sentence or "does not add enough" in sentence for sentence in made.manifest["top"]
    )


@pytest.mark.long
def test_broken_linkage_is_said_first(home: Path, place: Place) -> None:
    made = bake(quick(), place, home, records=Records(extracts(home, place, "broken", scenario="broken")))
    assert made.manifest["settings"]["records"]["linkage"] == "broken"
    assert made.manifest["settings"]["records"]["shown"] != "model"
    assert "linkage is broken" in made.manifest["top"][0]


def test_a_place_without_lookup_is_refused_before_anything_is_read(home: Path, place: Place) -> None:
    with pytest.raises(BakeError, match="level"):
        Recipe.read(
            (SHIPPED / "school_readiness.toml").read_text("utf-8").replace('level = "oa"', 'level = "lsoa"'),
            "x.toml",
        )
