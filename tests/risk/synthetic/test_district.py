"""The district on disk: the same bytes from the same seed, contracts kept, and the truth somewhere else."""

import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import shapely

from geo.place import Place
from risk.errors import RiskError
from risk.synthetic.district import ABOUT, FILES, REGISTER, folders, synthesise
from risk.synthetic.options import AGENCIES, Options
from tests.risk.synthetic.made import Made

CONTRACTS = Path(__file__).parents[3] / "risk" / "contracts"
FEW = Options(people=2_000)


def contract(agency: str) -> dict:  # type: ignore[type-arg]
    return tomllib.loads((CONTRACTS / f"{agency}.toml").read_text(encoding="utf-8"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(demo: Place, tmp_path: Path) -> None:
    first, again, other = (
        synthesise(demo, tmp_path / name, seed, options=FEW) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert contents(first.out) == contents(again.out)
    assert contents(first.truth) == contents(again.truth)
    assert contents(first.out)[FILES["births"]] != contents(other.out)[FILES["births"]]


def test_the_truth_stands_beside_and_never_under(made: Made) -> None:
    out, truth = made.summary.out, made.summary.truth
    assert truth.parent == out.parent
    assert truth.name == f"{out.name}-truth"
    assert not truth.is_relative_to(out)
    assert {path.name for path in out.iterdir()} == {*FILES.values(), REGISTER, "area_deprivation.csv", ABOUT}
    text = "\n".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert not any(word in text for word in ("true_risk", "true_rate", "unseen", "scenario"))
    assert not any(child in text for child in made.children["child"].iloc[:50])
    assert out.stat().st_mode & 0o077 == 0
    assert truth.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [".", "a/../b", "b"])
def test_folders_of_odd_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    out, truth = folders(Path(name))
    assert truth.parent == out.parent != out
    with pytest.raises(RiskError, match="beside"):
        folders(Path("/"))


def test_what_is_in_the_way_stays(demo: Place, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(RiskError, match="something else"):
        synthesise(demo, tmp_path / "mine", 1, options=FEW, force=True)
    synthesise(demo, tmp_path / "x", 1, options=FEW)
    with pytest.raises(RiskError, match="already"):
        synthesise(demo, tmp_path / "x", 2, options=FEW)
    assert synthesise(demo, tmp_path / "x", 2, options=FEW, force=True).seed == 2
    assert json.loads((tmp_path / "x" / ABOUT).read_text("utf-8"))["seed"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "x", "x-truth"]


def test_without_the_police_every_other_extract_is_the_same(demo: Place, tmp_path: Path) -> None:
    five = synthesise(demo, tmp_path / "five", 1, people=1_000)
    four = synthesise(demo, tmp_path / "four", 1, people=1_000, options=Options(police=False))
    assert five.children == four.children == 1_000
    assert list(five.rows) == list(FILES)
    assert "police" not in four.rows
    assert not (four.out / FILES["police"]).exists()
    for agency in four.rows:
        assert (four.out / FILES[agency]).read_bytes() == (five.out / FILES[agency]).read_bytes()


def test_the_place_must_carry_it(demo: Place, tmp_path: Path) -> None:
    with pytest.raises(RiskError, match="no such indicator"):
        synthesise(demo, tmp_path / "x", 1, options=Options(deprivation=("sunshine",)))
    with pytest.raises(RiskError, match="seed"):
        synthesise(demo, tmp_path / "x", -1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("agency", AGENCIES)
def test_each_extract_keeps_its_contract(made: Made, agency: str) -> None:
    told, table = contract(agency), made.tables[agency]
    assert told["agency"] == agency
    assert f"{told['file']}.csv" == FILES[agency]
    assert list(table) == list(told["columns"])
    for name, column in told["columns"].items():
        values = table[name]
        filled = values[values != ""]
        assert column.get("blank", False) or len(filled) == len(values), name
        if column.get("unique"):
            assert values.is_unique, name
        if "allowed" in column:
            assert set(filled) <= set(column["allowed"]), name
        if "pattern" in column:
            assert filled.str.fullmatch(column["pattern"]).all(), name
        if column["type"] in {"integer", "number"}:
            number = pd.to_numeric(filled)
            assert number.between(column["minimum"], column["maximum"]).all(), name
            assert column["type"] == "number" or (number % 1 == 0).all(), name
        if column["type"] == "date":
            when = pd.to_datetime(filled, format=column["format"])
            if column.get("role") != "date_of_birth":  # a wrong year is among the slips
                assert when.max() <= pd.Timestamp(told["period_to"]), name
        if "known_on" in column:
            assert told["columns"][column["known_on"]]["type"] == "date", name


@pytest.mark.parametrize("agency", AGENCIES)
def test_each_contract_says_what_law_and_ethics_ask(agency: str) -> None:
    told = contract(agency)
    assert all(
        told[key] for key in ("controller", "lawful_basis", "retention", "period_from", "period_to", "key")
    )
    kinds = {"identifier", "administrative", "need", "contact", "enforcement", "outcome"}
    assert {column["measures"] for column in told["columns"].values()} <= kinds
    assert all(column["label"] for column in told["columns"].values())
    features = {column["measures"] for column in told["columns"].values()} - {"identifier", "administrative"}
    assert features == set(told["measures"])
    assert ("enforcement" in features) == (agency == "police")
    assert all(
        "known_on" in column
        for column in told["columns"].values()
        if column["measures"] not in {"identifier", "administrative"}
    )


def test_rows_lead_to_children_and_homes_to_areas(made: Made, demo: Place) -> None:
    rows, children = made.rows, made.children
    assert not rows.duplicated(["agency", "record"]).any()
    assert children["child"].is_unique
    assert set(rows["child"]) <= set(children["child"])
    register = pd.read_csv(made.summary.out / REGISTER, index_col="uprn")
    assert register.index.is_unique
    areas = demo.areas()
    point = register.loc[children["uprn"]]
    shapes = areas.geometry.loc[children["area"]].to_numpy()
    assert shapely.intersects_xy(shapes, point["x"].to_numpy(), point["y"].to_numpy()).all()


def test_outcomes_are_recorded_as_they_came(made: Made) -> None:
    schools = made.tables["schools"].merge(made.rows, left_on="pupil_record", right_on="record")
    told = schools[schools["good_level_of_development"] != ""].merge(
        made.children, on="child", suffixes=("", "_true")
    )
    assert ((told["good_level_of_development"] == "N") == (told["outcome"] == 1)).all()
    assert not told["next"].any()
    assert told["here"].all()
    assert told["child"].nunique() > 0.9 * made.summary.assessed
    assert (told["eyfsp_date"].str[:4].astype(int) == told["cohort"]).all()


def test_what_comes_after_the_outcome_would_betray_it(made: Made) -> None:
    schools = made.tables["schools"]
    known = schools[(schools["phonics_score"] != "") & (schools["good_level_of_development"] != "")]
    score = known["phonics_score"].astype(int).groupby(known["good_level_of_development"]).mean()
    assert score["Y"] > score["N"] + 5
    assert (known["phonics_date"] > known["eyfsp_date"]).all()


def test_the_summary_in_words(made: Made) -> None:
    told = " ".join(made.summary.sentences())
    assert f"{made.summary.children:,} invented children of demo" in told
    assert str(made.summary.truth) in told
    assert all(agency in told for agency in AGENCIES)
