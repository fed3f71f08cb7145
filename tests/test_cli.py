"""The `larder` command from the outside: what it prints, and how it ends."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cli
from bake.runs import publish
from tests.ui import kitchen

Ended = tuple[int, str, str]


@pytest.fixture
def larder(larder_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Return a function that runs the command and gives its exit status and what it printed."""

    def run(*words: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["larder", *words])
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


@pytest.mark.parametrize(
    "words", [(), ("place",), ("bake",), ("bake", "early_years_open"), ("runs", "--nonsense")]
)
def test_wrong_usage_ends_with_two(larder, words: tuple[str, ...]) -> None:
    status, _, said = larder(*words)
    assert status == 2, said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bake", "nonsense", "--place", "demo"), "no such recipe"),
        (("bake", "early_years_open", "--place", "nowhere"), "no place 'nowhere'"),
        (
            ("bake", "early_years_open", "--place", "demo", "--extracts", "in", "--engine", "spark"),
            "early_years_open reads no records: --extracts would change nothing.",
        ),
        (
            ("bake", "early_years_open", "--place", "demo", "--extracts", "in", "--engine", "spark"),
            "early_years_open reads no records: --engine would change nothing.",
        ),
        (("place", "show", "nowhere"), "no place 'nowhere'"),
        (("runs", "show", "nothing"), "no run of this id"),
        (("export", "latest", "--format", "csv", "--out", "x.csv"), "No run has been baked yet"),
        (("assets", "import", "absent.csv"), "absent.csv"),
    ],
)
def test_a_refusal_ends_with_one_and_no_traceback(larder, words: tuple[str, ...], told: str) -> None:
    status, out, said = larder(*words)
    assert status == 1
    assert told in said
    assert "Traceback" not in out + said


@pytest.mark.parametrize("words", [("runs", "--json"), ("assets", "list", "--json")])
def test_an_empty_home_lists_nothing(larder, words: tuple[str, ...]) -> None:
    status, out, _ = larder(*words)
    assert (status, json.loads(out)) == (0, [])


def test_the_demo_is_always_a_known_place_and_brings_no_assets(larder) -> None:
    status, out, _ = larder("place", "show", "demo", "--json")
    (place,) = json.loads(out)
    assert (status, place["id"], place["fictional"]) == (0, "demo", True)
    status, out, _ = larder("assets", "list", "--place", "demo", "--json")
    assert (status, json.loads(out)) == (0, [])
    _, out, _ = larder("place", "list", "--json")
    assert [item["id"] for item in json.loads(out)] == ["demo"]


def test_a_recipe_is_baked_listed_shown_and_exported(larder, larder_home: Path) -> None:
    status, out, said = larder("bake", "early_years_open", "--place", "demo")
    assert status == 0, said
    run = out.splitlines()[-1]
    _, out, _ = larder("runs", "--json")
    assert [item["id"] for item in json.loads(out)] == [run]
    _, out, _ = larder("runs", "show", run, "--json")
    (shown,) = json.loads(out)
    assert shown["id"] == run
    assert shown["decisions"]
    status, out, said = larder("export", run, "--format", "shapefile", "--out", str(larder_home / "hot.shp"))
    assert status == 0, said
    assert (larder_home / "hot.shp").is_file()


def test_an_asset_outside_every_place_is_taken_and_said_to_be(larder, tmp_path: Path) -> None:
    listed = tmp_path / "mine.csv"
    listed.write_text("name,category,latitude,longitude\nFar Hall,hall,53.8,-1.55\n", "utf-8")
    status, out, _ = larder("assets", "import", str(listed), "--json")
    (report,) = json.loads(out)
    assert (status, report["accepted"], report["outside"]) == (0, 1, 1)
    _, out, _ = larder("assets", "list", "--json")
    (asset,) = json.loads(out)
    assert (asset["name"], asset["place"]) == ("Far Hall", None)


def test_five_agencies_extracts_are_made_and_the_polices_can_be_left_out(larder, larder_home: Path) -> None:
    for name, more in (("five", ()), ("four", ("--no-police",))):
        out = larder_home / name
        assert larder("synthesise", "--place", "demo", "--people", "300", "--out", str(out), *more)[0] == 0
        assert (out / "police.csv").is_file() == (name == "five")
    status, out, _ = larder("extracts", "check", "school_readiness", "--extracts", str(larder_home / "five"))
    assert status == 0
    assert "police.csv lies with the extracts and was not read" in out


def test_what_was_not_foreseen_is_said_in_one_line_and_kept_in_a_file(
    larder_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    error = RuntimeError("the roof fell in")
    cli.tell_plainly(RuntimeError, error, None)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "not foreseen: RuntimeError: the roof fell in" in said
    assert "the roof fell in" in (larder_home / "unforeseen.log").read_text("utf-8")


def test_runs_from_records_say_where_they_stand_and_a_withdrawn_one_is_not_exported(
    larder, larder_home: Path
) -> None:
    kitchen.make_place(larder_home)
    kitchen.make_run(larder_home)
    draft = kitchen.make_run(larder_home, recipe="of_records", hour=12, from_records=True)
    _, out, _ = larder("runs")
    first, second = out.splitlines()
    assert (first.endswith(" · draft"), "open" in second) == (True, False)
    assert larder("runs", "withdraw", draft.id, "--reason", "A street was wrong.")[0] == 0
    _, out, _ = larder("runs")
    assert out.splitlines()[0].endswith(" · withdrawn")
    _, out, _ = larder("runs", "--json")
    assert [run["standing"] for run in json.loads(out)] == ["withdrawn", "open"]
    _, page, _ = larder("record", draft.id)
    assert "for good: A street was wrong." in page
    _, out, _ = larder("record", draft.id, "--json")
    told = json.loads(out)["standing"]
    assert (told["state"], told["reason"], told["by"]) == ("withdrawn", "A street was wrong.", "not given")
    assert told["at"]
    status, out, said = larder("export", draft.id, "--format", "csv", "--out", str(larder_home / "out.csv"))
    assert (status, out) == (1, "")
    assert "A street was wrong." in said
    assert not list(larder_home.glob("out*"))


def test_a_release_reminds_of_the_purge_that_the_contracts_promise(larder, larder_home: Path) -> None:
    kitchen.make_place(larder_home)
    promised = "Until the run is released, at most 90 days; then purged"
    record = {
        "complete": True,
        "not_given": {},
        "tier_2": {
            "risks_and_impact": {"impact_assessments": [{"kind": "data protection", "name": "DPIA 12"}]}
        },
        "whose_data": [{"name": "Births", "retention": promised}, {"name": "Schools", "retention": promised}],
    }
    said = kitchen.manifest(recipe="of_records") | {"from_records": True}
    run = publish(larder_home, kitchen.answers(), said, record, datetime(2026, 5, 3, tzinfo=UTC))
    status, out, said = larder("runs", "release", run.id, "--by", "Ann Analyst")
    assert status == 0, said
    first, reminder = out.splitlines()
    assert "is released by Ann Analyst" in first
    assert reminder.count(promised) == 1
    assert "`larder extracts purge DIR --and-extracts` destroys the key" in reminder


def test_an_exported_draft_says_that_it_is_a_draft(larder, larder_home: Path) -> None:
    kitchen.make_place(larder_home)
    kitchen.make_run(larder_home, recipe="of_records", from_records=True)
    status, out, said = larder("export", "latest", "--format", "csv", "--out", str(larder_home / "out.csv"))
    assert status == 0, said
    warning = "Draft, not released: do not pass it on or act on it."
    assert out.splitlines()[-1] == warning
    assert (larder_home / "out.csv.README.txt").read_text("utf-8").splitlines()[0] == warning
    assert json.loads((larder_home / "out.csv.provenance.json").read_text("utf-8"))["standing"] == warning


def test_an_export_of_published_numbers_needs_no_such_warning(larder, larder_home: Path) -> None:
    kitchen.make_place(larder_home)
    kitchen.make_run(larder_home)
    _, out, _ = larder("export", "latest", "--format", "csv", "--out", str(larder_home / "out.csv"))
    assert "Draft" not in out
    assert (larder_home / "out.csv.README.txt").read_text("utf-8").startswith("Homes without a garden\n")


def test_the_record_of_every_run_is_a_page_and_with_json_data(larder, larder_home: Path) -> None:
    assert larder("bake", "early_years_open", "--place", "demo")[0] == 0
    status, out, said = larder("record", "latest")
    assert status == 0, said
    assert out.startswith("<!doctype html>")
    assert "No record of a person was read" in out
    _, out, _ = larder("record", "latest", "--json")
    assert json.loads(out)["fictional"] is True


def test_what_backups_mean_for_words_that_were_taken_out_is_said_each_time(
    larder, larder_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text("name,category,lat,lon\nSecret Hall,hall,51.58,0.45\n")
    larder("assets", "import", str(tmp_path / "list.csv"))
    _, out, _ = larder("assets", "list", "--json")
    (asset,) = json.loads(out)
    backup = str(tmp_path / "backup.sqlite")
    status, out, said = larder("backup", backup)
    assert status == 0, said
    assert "What is redacted from now on stays in this file" in out
    status, out, said = larder("assets", "redact", asset["id"], "--reason", "asked")
    assert status == 0, said
    assert "Backups that were made before still hold them" in out
    _, out, _ = larder("assets", "list", "--json")
    assert json.loads(out) == []
    status, out, said = larder("restore", backup)
    assert status == 0, said
    assert "What was redacted after that backup was made is back" in out
    _, out, _ = larder("assets", "list", "--json")
    assert [each["name"] for each in json.loads(out)] == ["Secret Hall"]
