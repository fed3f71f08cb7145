"""Release: a run from records is a draft until a named person releases it, and a withdrawal is for good."""

import json
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import geopandas as gpd
import pytest

from bake.columns import COLUMNS, GATED, OPEN_ONLY, PARENTS, RATE_ONLY
from bake.errors import BakeError
from bake.exporting import DRAFT, export_run, provenance_of
from bake.release import RELEASE, TOMBSTONE, is_served, release, standing, told_of, withdraw
from bake.runs import Run, list_runs, publish, read_run

MANIFEST = {
    "title": "Good start",
    "question": "Where?",
    "recipe": {"id": "start"},
    "place": {"name": "town"},
    "counts": {},
}
FROM_RECORDS = {**MANIFEST, "from_records": True}
TEXT = {"name", "gi_cluster", "cluster", "status", "reason", "sign", "predicted", "kinds"}
MOMENT = datetime(2026, 5, 3, 12, tzinfo=UTC)
DPIA = {"kind": "data protection", "name": "DPIA 12"}


def record(**changes: object) -> dict[str, object]:
    whole = {
        "complete": True,
        "not_given": {},
        "tier_2": {"risks_and_impact": {"impact_assessments": [DPIA]}},
    }
    return {**whole, **changes}


def answered(
    town: gpd.GeoDataFrame, left_out: tuple[str, ...] = (*OPEN_ONLY, *RATE_ONLY)
) -> gpd.GeoDataFrame:
    """Return the town with the columns of a run from records, or with others left out those of an open run."""
    areas = town.copy()
    for column in COLUMNS:
        if column not in {"code", "geometry", *PARENTS, *left_out}:
            areas[column] = "none" if column in TEXT else 1.0
    return areas


@pytest.fixture
def draft(town, tmp_path) -> Run:
    return publish(tmp_path, answered(town), FROM_RECORDS, record(), MOMENT)


def served(run: Run) -> tuple[bool, bool]:
    return is_served(run, beyond_loopback=False), is_served(run, beyond_loopback=True)


def test_a_run_of_open_indicators_is_served_and_needs_no_release(town, tmp_path):
    run = publish(tmp_path, answered(town, GATED), MANIFEST, {})
    assert standing(run).state == "open"
    assert served(run) == (True, True)
    with pytest.raises(BakeError, match="published numbers"):
        release(tmp_path, run.id, by="A. Person")


def test_a_run_from_records_is_a_draft_then_released_by_name(draft, tmp_path):
    assert standing(draft).state == "draft"
    assert served(draft) == (True, False)
    found = release(tmp_path, draft.id, by=" A. Person ", at=MOMENT)
    assert (found.state, found.by, found.at) == ("released", "A. Person", "2026-05-03T12:00:00+00:00")
    assert found.assessments == ("DPIA 12",)
    assert served(draft) == (True, True)


def test_a_release_leaves_the_folder_of_the_run_as_it_is(draft, tmp_path):
    before = {path.name: path.read_bytes() for path in draft.folder.iterdir()}
    release(tmp_path, draft.id, by="A. Person")
    withdraw(tmp_path, draft.id, reason="A street was wrong.")
    assert {path.name: path.read_bytes() for path in draft.folder.iterdir()} == before
    assert [run.id for run in list_runs(tmp_path)] == [draft.id]


def test_everything_that_stands_against_a_release_is_told_at_once(town, tmp_path):
    lacking = record(complete=False, not_given={"appeals": "How to object."}, tier_2={})
    run = publish(tmp_path, answered(town), FROM_RECORDS, lacking, MOMENT)
    with pytest.raises(BakeError) as error:
        release(tmp_path, run.id, by=" ")
    said = [fault.sentence() for fault in error.value.faults]
    assert len(said) == 4
    assert "--by NAME" in said[0]
    assert said[1].startswith("record.json: The record does not say appeals: How to object.")
    assert "assessments: A data protection impact assessment" in said[2]
    assert "column" not in str(error.value)
    assert standing(run).state == "draft"


def block_for(town, home, text: str, **changes: object) -> tuple[str, str]:
    """Refuse to release a run whose recipe has this text; return what was said last, and the block to paste."""
    told = {**FROM_RECORDS, "recipe": {"id": "start", "file": "mine/start.toml", "text": text}}
    run = publish(home, answered(town), told, record(complete=False, **changes))
    with pytest.raises(BakeError) as error:
        release(home, run.id, by="A. Person")
    said, _, block = error.value.faults[-1].sentence().partition("\n")
    return said, block


def test_what_is_lacking_is_one_block_to_paste_into_the_recipes_file(town, tmp_path):
    lacking = {"organisation": "Who.", "risks": "Risks seen.", "assessments": "One."}
    said, block = block_for(town, tmp_path, "[risk.record]\n", not_given=lacking, tier_2={})
    assert "mine/start.toml, directly below [risk.record]" in said
    assert tomllib.loads(block) == {
        "organisation": "...",
        "risks": [{"risk": "...", "mitigation": "..."}],
        "assessments": [{"kind": "data protection", "name": "..."}],
    }


def test_the_block_brings_its_heading_where_the_recipe_has_none(town, tmp_path):
    said, block = block_for(town, tmp_path, "[risk]\n", not_given={"contact": "Where."})
    assert "at its end" in said
    assert tomllib.loads(block) == {"risk": {"record": {"contact": "..."}}}


def test_the_block_does_not_give_assessments_twice(town, tmp_path):
    equality = {"risks_and_impact": {"impact_assessments": [{"kind": "equality", "name": "EqIA"}]}}
    _, block = block_for(town, tmp_path, "[risk.record]\n", tier_2=equality)
    assert tomllib.loads(block) == {}
    assert '# add to the assessments that are listed: {kind = "data protection"' in block


@pytest.mark.parametrize(
    "changes",
    [
        {"complete": False},
        {"complete": "yes"},
        {"tier_2": {"risks_and_impact": {"impact_assessments": [{"kind": "equality", "name": "EqIA"}]}}},
        {"tier_2": {"risks_and_impact": {"impact_assessments": [{**DPIA, "name": " "}]}}},
    ],
)
def test_a_record_that_does_not_say_it_is_complete_is_not(town, tmp_path, changes):
    run = publish(tmp_path, answered(town), FROM_RECORDS, record(**changes), MOMENT)
    with pytest.raises(BakeError, match="does not say"):
        release(tmp_path, run.id, by="A. Person")


def test_a_run_is_released_once(draft, tmp_path):
    release(tmp_path, draft.id, by="A. Person")
    with pytest.raises(BakeError, match=r"released before, by A\. Person"):
        release(tmp_path, draft.id, by="Another")
    assert standing(draft).by == "A. Person"


def test_of_many_who_release_in_one_moment_one_does(draft, tmp_path):
    def attempt(name: str) -> str:
        try:
            return release(tmp_path, draft.id, by=name).by
        except BakeError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        done = [name for name in pool.map(attempt, [f"Person {n}" for n in range(8)]) if name]
    assert done == [standing(draft).by]
    assert [path.name for path in (tmp_path / "runs").glob(".writing-*")] == []


def test_a_withdrawn_run_is_served_nowhere_for_good_and_says_why(draft, tmp_path):
    release(tmp_path, draft.id, by="A. Person")
    found = withdraw(tmp_path, draft.id, reason=" Linkage was broken. ", by="B. Person", at=MOMENT)
    assert (found.state, found.by, found.reason) == ("withdrawn", "B. Person", "Linkage was broken.")
    assert served(draft) == (False, False)
    with pytest.raises(BakeError, match="Linkage was broken"):
        release(tmp_path, draft.id, by="A. Person")
    with pytest.raises(BakeError, match="withdrawn before"):
        withdraw(tmp_path, draft.id, reason="Again.")
    tombstone = json.loads((tmp_path / "runs" / f"{draft.id}{TOMBSTONE}").read_text())
    assert tombstone == {
        "run": draft.id,
        "by": "B. Person",
        "at": "2026-05-03T12:00:00+00:00",
        "reason": "Linkage was broken.",
    }


def test_open_runs_and_drafts_can_be_withdrawn_too_with_a_reason(town, tmp_path, draft):
    run = publish(tmp_path, answered(town, GATED), MANIFEST, {})
    with pytest.raises(BakeError, match="needs a reason"):
        withdraw(tmp_path, run.id, reason=" ")
    for one in (run, draft):
        assert withdraw(tmp_path, one.id, reason="Wrong.").by == "not given"
        assert served(one) == (False, False)


@pytest.mark.parametrize("name", ["areas.parquet", "record.json", "extra.json"])
def test_a_release_does_not_count_for_other_files_than_those_released(draft, tmp_path, name):
    release(tmp_path, draft.id, by="A. Person")
    path = draft.folder / name
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" " if path.exists() else b"{}")
    found = standing(read_run(tmp_path, draft.id))
    assert (found.state, served(draft)) == ("draft", (True, False))
    assert "not those that were released" in found.reason
    with pytest.raises(BakeError, match="does not count"):
        release(tmp_path, draft.id, by="A. Person")


def test_a_release_of_another_run_does_not_count(town, tmp_path, draft):
    other = publish(tmp_path, answered(town), FROM_RECORDS, record())
    release(tmp_path, draft.id, by="A. Person")
    runs = tmp_path / "runs"
    (runs / f"{draft.id}{RELEASE}").rename(runs / f"{other.id}{RELEASE}")
    assert standing(other).state == standing(draft).state == "draft"


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_files_that_cannot_be_read_fail_on_the_careful_side(draft, tmp_path, content):
    (tmp_path / "runs" / f"{draft.id}{RELEASE}").write_text(content)
    assert served(draft) == (True, False)
    (tmp_path / "runs" / f"{draft.id}{TOMBSTONE}").write_text(content)
    assert served(draft) == (False, False)
    assert "restore" in standing(draft).reason


def test_files_beside_a_run_are_read_only_and_no_list_takes_them_for_runs(draft, tmp_path):
    release(tmp_path, draft.id, by="A. Person")
    withdraw(tmp_path, draft.id, reason="Wrong.")
    beside = [path for path in (tmp_path / "runs").iterdir() if path.is_file() and path.suffix == ".json"]
    assert len(beside) == 2
    assert {path.stat().st_mode & 0o777 for path in beside} == {0o444}
    assert len(list_runs(tmp_path)) == 1


def test_an_id_cannot_lead_out_of_the_runs(tmp_path, draft):
    for act in (
        lambda: release(tmp_path, "../runs", by="A"),
        lambda: withdraw(tmp_path, "../runs", reason="R"),
    ):
        with pytest.raises(BakeError, match="no run of this id"):
            act()


def test_a_withdrawn_run_is_not_exported_and_the_reason_is_said(draft, tmp_path):
    withdraw(tmp_path, draft.id, reason="Linkage was broken.", at=MOMENT)
    with pytest.raises(
        BakeError, match=r"Linkage was broken\. Nothing is written\. Choose another run"
    ) as error:
        export_run(draft, "csv", tmp_path / "out.csv")
    assert "2026-05-03" in str(error.value)
    assert not list(tmp_path.glob("out*"))


def test_who_may_not_see_drafts_is_told_nothing_of_one_that_was_withdrawn_before_any_release(draft, tmp_path):
    assert told_of(tmp_path, draft.id, drafts=True) is None
    withdraw(tmp_path, draft.id, reason="Wrong.")
    assert told_of(tmp_path, draft.id, drafts=True) == standing(draft)
    assert told_of(tmp_path, draft.id, drafts=False) is None
    assert told_of(tmp_path, "latest", drafts=True) is None


def test_everybody_is_told_of_a_withdrawn_run_that_was_released(draft, tmp_path):
    release(tmp_path, draft.id, by="A. Person")
    withdraw(tmp_path, draft.id, reason="Wrong.")
    assert told_of(tmp_path, draft.id, drafts=False) == standing(draft)


def test_an_export_says_who_released_the_run_or_that_nobody_did(draft, tmp_path):
    assert provenance_of(draft).standing == DRAFT
    release(tmp_path, draft.id, by="A. Person", at=MOMENT)
    assert provenance_of(draft).standing == "Released by A. Person at 2026-05-03T12:00:00+00:00."
