"""Everything that can be wrong with records, by name, as a person at the command meets it: told, no harm done."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import cli
from bake.runs import list_runs, publish
from geo.demo import ensure_demo
from risk.errors import RiskError
from risk.pseudonyms import key_file_of, make_key
from risk.synthetic.district import FILES
from risk.unforeseen import quoting_nothing
from tests.bake.small import copied, make_small, recipe_text, spoil
from tests.bake.test_release import FROM_RECORDS, answered
from tests.conftest import ROOT

Frame = pd.DataFrame
Spoil = Callable[[Path], object]
BIRTHS, SCHOOLS, HOUSING, CARE, POLICE = FILES.values()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extracts of 1,500 children: as many as faults need that show in shares only."""
    return make_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the extracts of 200 children, for what is refused before anything is linked."""
    return make_small(tmp_path_factory.mktemp("tiny"), people=200)


class Kitchen:
    """The command in a home where one run was baked before."""

    def __init__(self, home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self.folder, self.capsys = home, folder, capsys
        ensure_demo(home)
        if not list_runs(home):
            assert self.run("bake", "early_years_open", "--place", "demo")[0] == 0
        self.before = self.files()

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.home.rglob("*") if path.is_file()}

    def run(self, *words: str) -> tuple[int, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["larder", *words])
            patch.setattr(sys, "excepthook", sys.excepthook)
            patch.setenv("LARDER_HOME", str(self.home))
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    def refuses(self, extracts: Path, recipe: str) -> str:
        """Bake what must be refused; return what was said, one fault a line."""
        file = self.folder / "question.toml"
        file.write_text(recipe, "utf-8")
        status, said = self.run("bake", str(file), "--place", "demo", "--extracts", str(extracts))
        assert status == 1, said
        assert "Traceback" not in said
        assert "not foreseen" not in said
        # the earlier run is as it was and still the latest, and nothing else was begun
        assert self.files() == self.before
        return "\n".join(line for line in said.splitlines() if line.startswith("larder: "))


@pytest.fixture
def kitchen(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kitchen:
    return Kitchen(home, tmp_path, capsys)


def at(row: int, column: str, value: object) -> Callable[[Frame], Frame]:
    """Return a change that puts a value into one cell, rows counted from 1."""

    def change(table: Frame) -> Frame:
        table.loc[row - 1, column] = value
        return table

    return change


def exchanged(one: str, other: str) -> Callable[[Frame], Frame]:
    """Return a change that exchanges two columns where both hold something."""

    def change(table: Frame) -> Frame:
        both = (table[one] != "") & (table[other] != "")
        table.loc[both, [one, other]] = table.loc[both, [other, one]].to_numpy()
        return table

    return change


def again(table: Frame) -> Frame:
    """Return a table whose fifth row has the key of the first."""
    table.iloc[4, 0] = table.iloc[0, 0]
    return table


def doubled(table: Frame) -> Frame:
    """Return a table whose first half comes again under other keys."""
    half = table.head(len(table) // 2).copy()
    half.iloc[:, 0] = [f"E9{number:05d}" for number in range(len(half))]
    return pd.concat([table, half], ignore_index=True)


Breach = tuple[str, Callable[[Frame], Frame], str, str]
BREACHES: list[Breach] = [
    (
        "births",
        at(2, "birth_weight_g", "heavy"),
        f"{BIRTHS}, row 2, column 'birth_weight_g', value 'aaaaa': ",
        "heavy",
    ),
    ("births", at(3, "nhs_number", ""), f"{BIRTHS}, row 3, column 'nhs_number': A value is missing", ""),
    (
        "births",
        lambda table: table.assign(gp_notes="Zacharias"),
        f"{BIRTHS}, column 'gp_notes': The contract does not",
        "Zacharias",
    ),
    (
        "births",
        at(1, "date_of_birth", "2018-06-20"),
        f"{BIRTHS}, row 1, column 'date_of_birth', value '9999-99-99': ",
        "2018-06-20",
    ),
    (
        "schools",
        at(4, "good_level_of_development", "Q"),
        f"{SCHOOLS}, row 4, column 'good_level_of_development', value 'A': The value is not among",
        "'Q'",
    ),
    ("schools", exchanged("enrolled_on", "left_on"), "rows have enrolled_on after left_on", ""),
    (
        "housing",
        lambda table: table.drop(columns="tenure"),
        f"{HOUSING}, column 'tenure': The column is missing",
        "",
    ),
    (
        "housing",
        at(1, "bedrooms_short", "7"),
        f"{HOUSING}, row 1, column 'bedrooms_short', value '9': The number is out of range",
        "",
    ),
    (
        "social_care",
        again,
        f"{CARE}, row 5, column 'episode_id', value 'A999999': The value is there already",
        "E000001",
    ),
    ("social_care", doubled, "rows differ from an earlier one in nothing but their key", ""),
    (
        "police",
        at(1, "incident_date", "20300101"),
        f"{POLICE}, row 1, column 'incident_date', value '99999999': The row lies outside",
        "20300101",
    ),
    (
        "police",
        at(2, "risk_grade", "extreme"),
        f"{POLICE}, row 2, column 'risk_grade', value 'aaaaaaa': ",
        "extreme",
    ),
]


@pytest.mark.parametrize("breach", BREACHES, ids=[f"{row[0]}: {row[2][-40:]}" for row in BREACHES])
def test_each_breach_of_a_contract_says_where_and_what_to_do_and_not_the_value(
    kitchen: Kitchen, tiny: Path, breach: Breach
) -> None:
    agency, change, told, secret = breach
    folder = copied(tiny, kitchen.folder)
    spoil(folder, agency, change)
    said = kitchen.refuses(folder, recipe_text(police=True))
    assert told in said
    assert said.count("\n") == 0, "one fault was planted"
    assert re.search(r"[.:] [A-Z][^.]+[.?]$", said), "it ends with what to do"
    assert not secret or secret not in said


def test_breaches_of_all_five_agencies_come_in_one_report(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder)
    wanted = {}
    for agency, change, told, _ in reversed(BREACHES):
        wanted[agency] = told
        if told.startswith(FILES[agency]):
            spoil(folder, agency, change)
    said = kitchen.refuses(folder, recipe_text(police=True))
    for agency in FILES:
        assert FILES[agency] in said
    assert said.count("\n") >= 8


def text_of(change: Callable[[str], str], agency: str = "schools", **how: str) -> Spoil:
    """Return what writes an agency's file again, changed as text, perhaps in another encoding."""

    def write(folder: Path) -> None:
        path = folder / FILES[agency]
        path.write_bytes(change(path.read_text("utf-8")).encode(how.get("encoding", "utf-8"), "replace"))

    return write


def excel(folder: Path) -> None:
    """Write the births as Excel does where somebody formatted the dates as numbers."""
    path = folder / BIRTHS
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    days = (
        pd.to_datetime(table["last_contact_date"], format="%d/%m/%Y") - pd.Timestamp("1899-12-30")
    ).dt.days
    table.assign(last_contact_date=days).to_excel(path.with_suffix(".xlsx"), index=False)
    path.unlink()


def half_a_workbook(folder: Path) -> None:
    excel(folder)
    path = (folder / BIRTHS).with_suffix(".xlsx")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def half_a_parquet(folder: Path) -> None:
    path = folder / BIRTHS
    pd.read_csv(path, dtype=str).to_parquet(path.with_suffix(".parquet"))
    content = bytearray(path.with_suffix(".parquet").read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.with_suffix(".parquet").write_bytes(content)
    path.unlink()


FORMS: list[tuple[str, Spoil, str]] = [
    (
        "semicolons",
        text_of(lambda text: text.replace(",", ";")),
        f"{SCHOOLS}: The columns are kept apart by semicolons",
    ),
    ("tabs", text_of(lambda text: text.replace(",", "\t")), f"{SCHOOLS}: The columns are kept apart by tabs"),
    (
        "Latin-1",
        text_of(lambda text: text.replace("\n0000002,", "\n0000002é,"), encoding="latin-1"),
        f"{SCHOOLS}, row 2: This is not UTF-8",
    ),
    ("UTF-16", text_of(lambda text: text, encoding="utf-16"), f"{SCHOOLS}: This is not UTF-8"),
    ("no header", text_of(lambda text: text.split("\n", 1)[1]), f"{SCHOOLS}: No column is named as agreed"),
    (
        "a comma too many",
        text_of(lambda text: text.replace("\n", '\n"x,y",', 1)),
        f"{SCHOOLS}, row 1: The row has .. values under",
    ),
    ("half a quote", text_of(lambda text: text + '"'), f"{SCHOOLS}: This is not CSV"),
    ("nothing", text_of(lambda text: ""), f"{SCHOOLS}: The file has no header"),
    ("no row", text_of(lambda text: text.split("\n")[0]), f"{SCHOOLS}: The extract holds no row"),
    (
        "dates as numbers",
        excel,
        "births_health_visiting.xlsx, row 1, column 'last_contact_date', value '99999'",
    ),
    ("half a workbook", half_a_workbook, "births_health_visiting.xlsx: Excel cannot have written this"),
    ("a damaged Parquet", half_a_parquet, "births_health_visiting.parquet: "),
    (
        "two files of one agency",
        lambda folder: (folder / "police.parquet").touch(),
        "There are two extracts of Police",
    ),
    (
        "a file missing",
        lambda folder: (folder / HOUSING).unlink(),
        "There is no extract of Housing and benefits",
    ),
    (
        "a folder for a file",
        lambda folder: ((folder / CARE).unlink(), (folder / CARE).mkdir()),
        "There is no extract of Children's",
    ),
]


@pytest.mark.parametrize(("change", "told"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
def test_each_file_of_another_form_is_named(kitchen: Kitchen, tiny: Path, change: Spoil, told: str) -> None:
    folder = copied(tiny, kitchen.folder)
    names = set(pd.read_csv(folder / SCHOOLS, dtype=str)["legal_surname"].dropna())
    change(folder)
    said = kitchen.refuses(folder, recipe_text(police=True))
    assert re.search(told, said)
    assert not names & set(re.findall(r"[\w'-]+", said))


def test_a_mark_of_byte_order_is_no_fault(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder)
    text_of(lambda text: f"\ufeff{text}")(folder)
    status, said = kitchen.run("extracts", "check", "school_readiness", "--extracts", str(folder))
    assert (status, "Every extract keeps its contract." in said) == (0, True)


# Keys.


def test_a_missing_key(kitchen: Kitchen, tiny: Path) -> None:
    said = kitchen.refuses(copied(tiny, kitchen.folder, key=False), recipe_text())
    assert "There is no key for the extracts 'small'" in said
    assert "secrets.token_hex(32)" in said


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_key_file_that_others_can_read(kitchen: Kitchen, tiny: Path, mode: int) -> None:
    folder = copied(tiny, kitchen.folder)
    key_file_of(folder).chmod(mode)
    assert f"can be read or changed by others (mode {mode:o})" in kitchen.refuses(folder, recipe_text())


@pytest.mark.parametrize(
    "content", ["", "\n", "0123456789abcdef", "not hexadecimal at all, and rather long, too"]
)
def test_a_key_file_that_is_empty_or_short(kitchen: Kitchen, tiny: Path, content: str) -> None:
    folder = copied(tiny, kitchen.folder)
    key_file_of(folder).write_text(content)
    said = kitchen.refuses(folder, recipe_text())
    assert "small.key holds no key of 32 random bytes" in said
    assert not content.strip() or content not in said


def test_the_key_of_another_set(kitchen: Kitchen, tiny: Path) -> None:
    folder = copied(tiny, kitchen.folder, key=False)
    other = folder.with_name("neighbour")
    other.mkdir()
    make_key(other)
    key_file_of(folder).write_bytes(key_file_of(other).read_bytes())
    key_file_of(folder).chmod(0o600)
    assert "small.key is the key of another set of extracts: neighbour." in kitchen.refuses(
        folder, recipe_text()
    )


# What shows only once records are linked.

LEAK = """
[[risk.features]]
name = "phonics"
label = "Phonics in Year 1"
kind = "latest"
agency = "schools"
column = "phonics_score"
dated = "enrolled_on"

"""


def test_a_leak_planted_in_the_features(kitchen: Kitchen, small: Path) -> None:
    said = kitchen.refuses(small, recipe_text(more=LEAK))
    assert "column 'phonics': Phonics in Year 1 (phonics) knows what was not yet known" in said
    assert said.count("\n") == 0, "the honest features have no leak"


def of_another_year(table: Frame) -> Frame:
    """Return the schools' rows with one cohort again, a year later and under new numbers."""
    cohort = table[table["dob"].between("2018-09-01", "2019-08-31")].copy()
    days = [name for name in table if re.fullmatch(r"\d{4}-\d\d-\d\d", str(table[name].max()))]
    for name in days:
        year = cohort[name].str[:4]
        later = (pd.to_numeric(year, errors="coerce") + 1).astype("Int64").astype(str)
        cohort[name] = (
            cohort[name].where(cohort[name] == "", later + cohort[name].str[4:]).str.replace("02-29", "02-28")
        )
    cohort["pupil_record"] = [f"{number:07d}" for number in range(9_000_000, 9_000_000 + len(cohort))]
    cohort["upn"] = "Y" + cohort["upn"].str[1:]
    cohort = cohort[cohort["enrolled_on"] <= "2026-09-30"]
    return pd.concat([table, cohort], ignore_index=True)


def test_the_same_cohort_delivered_twice_under_another_year(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", of_another_year)
    said = kitchen.refuses(folder, recipe_text())
    assert f"{SCHOOLS}, column 'dob': " in said
    assert re.search(
        r"children born in the school year from September 2018 come again .* from September 2019", said
    )
    assert "Was a cohort given twice" in said


def turned(chosen: Callable[[Frame], "pd.Series[bool]"]) -> Callable[[Frame], Frame]:
    """Return a change that exchanges good and bad in the rows chosen."""

    def change(table: Frame) -> Frame:
        column, other = "good_level_of_development", {"Y": "N", "N": "Y", "": ""}
        table[column] = table[column].where(~chosen(table), table[column].map(other))
        return table

    return change


def test_good_and_bad_exchanged_in_one_cohort(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", turned(lambda table: table["dob"].between("2018-09-01", "2019-08-31")))
    said = kitchen.refuses(folder, recipe_text())
    assert re.search(r"in cohort 2024 \d\d% have the outcome, in the others \d\d%", said)
    assert "Were good and bad exchanged" in said


def test_good_and_bad_exchanged_in_all(kitchen: Kitchen, small: Path) -> None:
    folder = copied(small, kitchen.folder)
    spoil(folder, "schools", turned(lambda table: table["dob"] != "never"))
    said = kitchen.refuses(folder, recipe_text())
    assert re.search(r"\d\d% have the outcome, where the Department for Education's results .* has 32%", said)
    assert "Were good and bad exchanged, in the extract or in the recipe" in said


# The machine.


def test_a_disk_that_is_full_when_the_run_is_written(
    town: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = publish(tmp_path, answered(town), FROM_RECORDS, {})

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RiskError, match=r"No space is left.*Nothing was published"), quoting_nothing():
        publish(tmp_path, answered(town), FROM_RECORDS, {})
    assert [run.id for run in list_runs(tmp_path)] == [earlier.id]
    assert [path.name for path in (tmp_path / "runs").iterdir() if path.is_dir()] == [earlier.id]


def test_a_disk_that_is_full_while_records_are_linked(
    kitchen: Kitchen, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "Error writing bytes to file")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    assert "No space is left" in kitchen.refuses(tiny, recipe_text())


def test_a_bake_killed_while_it_links_leaves_names_that_the_next_command_removes(
    kitchen: Kitchen, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = kitchen.folder / "private"
    base.mkdir()
    (kitchen.folder / "question.toml").write_text(recipe_text(), "utf-8")
    code = (
        "import sys; from pathlib import Path; import risk.private_folder as p; base = Path(sys.argv.pop(1));"
        "p.find_base = lambda *_: base; import cli; cli.main()"
    )
    words = ["bake", str(kitchen.folder / "question.toml"), "--place", "demo", "--extracts", str(small)]
    job = subprocess.Popen(
        [sys.executable, "-c", code, str(base), *words],
        cwd=ROOT, env={**os.environ, "LARDER_HOME": str(kitchen.home)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert job.stderr is not None
    try:
        while not list(base.glob("larder-*/job-*/*")):
            assert job.poll() is None, f"the bake ended before it linked: {job.stderr.read().decode()}"
            time.sleep(0.05)
    finally:
        job.send_signal(signal.SIGKILL)
        job.wait()
        job.stderr.close()
    assert list(base.glob("larder-*/job-*/*")), "what it held is still there"
    assert kitchen.files() == kitchen.before
    monkeypatch.setattr("risk.private_folder.find_base", lambda *_: base)
    kitchen.refuses(copied(small, kitchen.folder, key=False), recipe_text())
    assert not list(base.glob("larder-*/job-*"))
